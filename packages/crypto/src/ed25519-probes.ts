import { hex } from "./hex.ts";
import type { SignatureBackend } from "./signature-backend.ts";

/** aB + T, where T has order 8. */
const KEY = "c983ce10c58ec808437d1fb733698c0a8acf39f39c2b0d021132852759f94a85";
/** rB, and rB + 3T. */
const R = "b75d4a09febf66d508902190e3a43f760ff87e6407653ae4b2b4803267c6f4bb";
const R_MIXED = "a869eb0516510df100ca885641b7532b91d8f570d74965a21e16ed6a3bc36902";

/**
 * Signatures whose R - (S*B - h*A) is a multiple of T: the multiple, R, the one byte of the message,
 * S. The multiple is zero in the valid ones; a cofactored verifier accepts them all.
 */
const PROBES: readonly (readonly [number, string, number, string])[] = [
  [0, R, 1, "663df30f27dff0a2b4311b243e3d2a8a0df1c120e05a0f950cadf128d3368103"],
  [1, R, 0, "2bb938a7d657ca5504d0b64eb96fe93d3937c9bbcf0c46e257dc912550a3200c"],
  [2, R, 20, "40abd25fbacf593367e5fdf40f3e913d826a9a87279f9bd5554818ff4a8c4401"],
  [3, R, 8, "681c759d3de183806ba86b9b69a811aebd8063f61910d77e5df0c9f29a6f9f0b"],
  [4, R, 11, "30466444114115d5563408c95e525e25387a9d3efde63cc8c9d452888ae6b10a"],
  [5, R, 7, "8dc6734225c8fbd66211c4101ed92f6999641248e5693a4c8f9dd2d8719d6300"],
  [6, R, 2, "ccf808681ba7e19585270f429a458d7e4d8bd10ee7954514277d916972dfa50b"],
  [7, R, 4, "b11d64d90dd920062ec0dddf017951d42684c8a669399eb6cc6983afc518c50d"],
  [0, R_MIXED, 0, "6dc3d12a367defd9fb12c4272223ba0779598a0028697ab1ad94871472395c06"],
];

/**
 * Does `backend` check the cofactorless equation? Asked once, before a backend is used, because the
 * answer is a property of whatever version of its library runs here. The probes have one case for
 * each of the eight torsion points that R - (S*B - h*A) can be when its prime-order part vanishes.
 */
export function isCofactorless(backend: SignatureBackend): boolean {
  const key = hex(KEY);
  try {
    return PROBES.every(
      ([multiple, r, message, s]) =>
        backend.verify(Uint8Array.of(message), hex(r + s), key) === (multiple === 0),
    );
  } catch {
    return false;
  }
}

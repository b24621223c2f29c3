/** Lengths and values that decoders get wrong. */
const EDGES = [
  [0x00],
  [0x01],
  [0x7f],
  [0x80],
  [0xff],
  [0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0x80, 0x80, 0x80, 0x80, 0x08],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
];

/** xorshift128: small, fast, and the same on every machine. */
function random(seed) {
  let [a, b, c, d] = [seed >>> 0, 0x9e3779b9, (seed / 2 ** 32) >>> 0, 0x7f4a7c15];
  const next = () => {
    let t = a ^ (a << 11);
    t ^= t >>> 8;
    [a, b, c] = [b, c, d];
    d = (d ^ (d >>> 19) ^ t) >>> 0;
    return d;
  };
  for (let i = 0; i < 16; i++) next();
  return (below) => (below === 0 ? 0 : next() % below);
}

/**
 * An endless, reproducible row of inputs: one in eight random, the others a seed with one to
 * eight changes (bits, bytes, edge values, cut, doubled or moved pieces, another seed's piece).
 */
export function mutator(seed, seeds, maxLength) {
  const below = random(seed);
  const bytes = (length) => {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++) out[i] = below(256);
    return out;
  };
  const splice = (input, at, remove, insert) => {
    const rest = input.subarray(at + remove);
    const out = new Uint8Array(at + insert.length + rest.length);
    out.set(input.subarray(0, at));
    out.set(insert, at);
    out.set(rest, at + insert.length);
    return out;
  };
  const piece = (input) => {
    const start = below(input.length + 1);
    return input.subarray(start, start + 1 + below(Math.min(64, input.length + 1)));
  };

  const changes = [
    (input) => {
      const out = input.slice();
      if (out.length > 0) out[below(out.length)] ^= 1 << below(8);
      return out;
    },
    (input) => {
      const out = input.slice();
      if (out.length > 0) out[below(out.length)] = below(256);
      return out;
    },
    (input) => splice(input, below(input.length + 1), below(3), EDGES[below(EDGES.length)]),
    (input) => splice(input, below(input.length + 1), 0, bytes(1 + below(8))),
    (input) => splice(input, below(input.length + 1), 1 + below(8), []),
    (input) => input.slice(0, below(input.length + 1)),
    (input) => splice(input, below(input.length + 1), 0, piece(input)),
    (input) => {
      const other = seeds[below(seeds.length)] ?? input;
      return splice(input, below(input.length + 1), below(32), piece(other));
    },
  ];

  return () => {
    if (seeds.length === 0 || below(8) === 0) return bytes(below(Math.min(maxLength, 256) + 1));
    let out = seeds[below(seeds.length)];
    for (let n = 1 + below(8); n > 0; n--) out = changes[below(changes.length)](out);
    return out.length > maxLength ? out.subarray(0, maxLength) : out.slice();
  };
}

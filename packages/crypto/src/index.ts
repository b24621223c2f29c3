export { ripemd160 } from "@noble/hashes/legacy.js";
export { sha256, sha512 } from "@noble/hashes/sha2.js";
export { sha3_256 as sha3 } from "@noble/hashes/sha3.js";
export { verifyExact as verify } from "./ed25519-exact.ts";

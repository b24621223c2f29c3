import { readdirSync, readFileSync } from "node:fs";
import { sha256 } from "@noble/hashes/sha2.js";
import { sha3_256 } from "@noble/hashes/sha3.js";
import { describe, expect, it } from "vitest";
import { artifactOf, compile, type WitnessArgument } from "../src/index.ts";
import * as templates from "../src/templates/index.ts";
import { asset, keyPair, output, type Spending, spend } from "./support/spend.ts";

const [alice, bob, carol, mallory] = [keyPair(1), keyPair(2), keyPair(3), keyPair(4)];
const [seller, buyer] = [Uint8Array.of(0x51, 0x51), Uint8Array.of(0x51, 0x52)];
const [locked, money] = [asset(0xaa), asset(0xbb)];
const signature = alice.signature;
const text = (value: string) => new TextEncoder().encode(value);

/** Tries to unlock; undefined when it worked. */
function attempt(
  program: Uint8Array,
  witness: readonly WitnessArgument[],
  facts: Omit<Spending, "program" | "witness"> = {},
): string | undefined {
  const bytes = witness.filter((item) => item instanceof Uint8Array);
  expect(bytes).toHaveLength(witness.length);
  return spend({ program, witness: bytes, ...facts }).error;
}

const REFUSED = "false-vm-result";
const pays = (amount: bigint, assetId: Uint8Array, to: Uint8Array) => ({
  outputs: [output(amount, assetId, to)],
});

const artifacts = new Map(
  Object.values(templates).flatMap((value) =>
    typeof value === "object" && "sourceMap" in value ? [[value.name as string, value]] : [],
  ),
);

describe("folders and artifacts agree", () => {
  const home = new URL("../templates/", import.meta.url);

  it.each(readdirSync(home))("%s", (folder) => {
    const files = readdirSync(new URL(`${folder}/`, home));
    expect(files).toContain("README.md");
    const file = files.find((name) => name.endsWith(".equity")) ?? "";
    const source = readFileSync(new URL(`${folder}/${file}`, home), "utf8");
    const [compiled] = compile(source, { file });
    if (compiled === undefined) throw new Error("no contract");
    expect(artifacts.get(compiled.name)).toEqual(artifactOf(compiled));
    const readme = readFileSync(new URL(`${folder}/README.md`, home), "utf8");
    for (const { name } of [...compiled.parameters, ...compiled.clauses])
      expect(readme).toContain(`\`${name}\``);
  });
});

it("SingleSignature", () => {
  const lock = templates.singleSignatureContract;
  const program = lock.instantiate({ owner: alice.publicKey });
  expect(attempt(program, lock.unlock("spend", { signature }))).toBeUndefined();
  expect(attempt(program, lock.unlock("spend", { signature: bob.signature }))).toBe(REFUSED);
});

it("MultiSignature", () => {
  const lock = templates.multiSignatureContract;
  const program = lock.instantiate({
    key1: alice.publicKey,
    key2: bob.publicKey,
    key3: carol.publicKey,
  });
  const by = (a: Uint8Array, b: Uint8Array) =>
    attempt(program, lock.unlock("spend", { signature1: a, signature2: b }));
  expect(by(alice.signature, bob.signature)).toBeUndefined();
  expect(by(alice.signature, carol.signature)).toBeUndefined();
  expect(by(bob.signature, carol.signature)).toBeUndefined();
  expect(by(bob.signature, alice.signature)).toBe(REFUSED);
  expect(by(alice.signature, alice.signature)).toBe(REFUSED);
  expect(by(alice.signature, mallory.signature)).toBe(REFUSED);
});

it("TradeOffer", () => {
  const lock = templates.tradeOfferContract;
  const program = lock.instantiate({
    wantedAsset: money,
    wantedAmount: 50n,
    seller,
    sellerKey: alice.publicKey,
  });
  const trade = lock.unlock("trade", {});
  expect(attempt(program, trade, pays(50n, money, seller))).toBeUndefined();
  expect(attempt(program, trade, pays(49n, money, seller))).toBe(REFUSED);
  expect(attempt(program, trade, pays(50n, locked, seller))).toBe(REFUSED);
  expect(attempt(program, trade, pays(50n, money, buyer))).toBe(REFUSED);
  expect(attempt(program, trade)).toBe(REFUSED);
  expect(attempt(program, lock.unlock("cancel", { signature }))).toBeUndefined();
  expect(attempt(program, lock.unlock("cancel", { signature: bob.signature }))).toBe(REFUSED);
});

it("Escrow", () => {
  const lock = templates.escrowContract;
  const program = lock.instantiate({ agent: alice.publicKey, sender: seller, recipient: buyer });
  const approve = lock.unlock("approve", { signature });
  expect(attempt(program, approve, pays(1000n, locked, buyer))).toBeUndefined();
  expect(attempt(program, approve, pays(1000n, locked, seller))).toBe(REFUSED);
  expect(attempt(program, approve, pays(999n, locked, buyer))).toBe(REFUSED);
  const reject = lock.unlock("reject", { signature });
  expect(attempt(program, reject, pays(1000n, locked, seller))).toBeUndefined();
  expect(attempt(program, reject, pays(1000n, locked, buyer))).toBe(REFUSED);
  for (const clause of ["approve", "reject"] as const) {
    const forged = lock.unlock(clause, { signature: mallory.signature });
    expect(attempt(program, forged, pays(1000n, locked, buyer))).toBe(REFUSED);
    expect(attempt(program, forged, pays(1000n, locked, seller))).toBe(REFUSED);
  }
});

it("Loan", () => {
  const lock = templates.loanContract;
  const program = lock.instantiate({
    owedAsset: money,
    owedAmount: 70n,
    dueHeight: 100n,
    lender: seller,
    borrower: buyer,
  });
  const repay = (owed: bigint, back: bigint, to = buyer) =>
    attempt(program, lock.unlock("repay", {}), {
      outputs: [output(owed, money, seller), output(back, locked, to)],
    });
  expect(repay(70n, 1000n)).toBeUndefined();
  expect(repay(69n, 1000n)).toBe(REFUSED);
  expect(repay(70n, 999n)).toBe(REFUSED);
  expect(repay(70n, 1000n, seller)).toBe(REFUSED);
  const seize = (blockHeight: bigint, to = seller) =>
    attempt(program, lock.unlock("seize", {}), { ...pays(1000n, locked, to), blockHeight });
  expect(seize(101n)).toBeUndefined();
  expect(seize(100n)).toBe(REFUSED);
  expect(seize(101n, buyer)).toBe(REFUSED);
});

it("CallOption", () => {
  const lock = templates.callOptionContract;
  const program = lock.instantiate({
    strikeAmount: 30n,
    strikeAsset: money,
    writer: seller,
    holder: alice.publicKey,
    deadline: 100n,
  });
  const exercise = (blockHeight: bigint, amount = 30n, by = alice) =>
    attempt(program, lock.unlock("exercise", { signature: by.signature }), {
      ...pays(amount, money, seller),
      blockHeight,
    });
  expect(exercise(99n)).toBeUndefined();
  expect(exercise(100n)).toBe(REFUSED);
  expect(exercise(99n, 29n)).toBe(REFUSED);
  expect(exercise(99n, 30n, bob)).toBe(REFUSED);
  const expire = (blockHeight: bigint, to = seller) =>
    attempt(program, lock.unlock("expire", {}), { ...pays(1000n, locked, to), blockHeight });
  expect(expire(101n)).toBeUndefined();
  expect(expire(100n)).toBe(REFUSED);
  expect(expire(101n, buyer)).toBe(REFUSED);
});

it("CoinBet", () => {
  const lock = templates.coinBetContract;
  const [even, odd] = ["a secret of one, even", "a secret of the other"];
  const other = `${odd}!`;
  const bet = (secret2: string) =>
    lock.instantiate({
      commitment1: sha3_256(text(even)),
      commitment2: sha3_256(text(secret2)),
      player1: seller,
      player2: buyer,
      deadline: 100n,
    });
  const reveal = (secret2: string, shown: string, to: Uint8Array, first = even) =>
    attempt(
      bet(secret2),
      lock.unlock("reveal", { secret1: first, secret2: shown }),
      pays(1000n, locked, to),
    );
  expect(reveal(odd, odd, seller)).toBeUndefined();
  expect(reveal(odd, odd, buyer)).toBe(REFUSED);
  expect(reveal(other, other, buyer)).toBeUndefined();
  expect(reveal(other, other, seller)).toBe(REFUSED);
  expect(reveal(odd, other, buyer)).toBe(REFUSED);
  expect(reveal(odd, odd, seller, "guess")).toBe(REFUSED);
  const claim1 = (secret1: string, blockHeight: bigint, to = seller) =>
    attempt(bet(odd), lock.unlock("claim1", { secret1 }), {
      ...pays(1000n, locked, to),
      blockHeight,
    });
  expect(claim1(even, 101n)).toBeUndefined();
  expect(claim1(even, 100n)).toBe(REFUSED);
  expect(claim1(odd, 101n)).toBe(REFUSED);
  expect(claim1(even, 101n, buyer)).toBe(REFUSED);
  const claim2 = (secret2: string, blockHeight: bigint, to = buyer) =>
    attempt(bet(odd), lock.unlock("claim2", { secret2 }), {
      ...pays(1000n, locked, to),
      blockHeight,
    });
  expect(claim2(odd, 101n)).toBeUndefined();
  expect(claim2(odd, 100n)).toBe(REFUSED);
  expect(claim2(even, 101n)).toBe(REFUSED);
  expect(claim2(odd, 101n, seller)).toBe(REFUSED);
});

it("Vault", () => {
  const lock = templates.vaultContract;
  const program = lock.instantiate({
    owner: alice.publicKey,
    opensAt: 100n,
    image: sha3_256(text("sesame")),
  });
  const wait = (blockHeight: bigint, by = alice) =>
    attempt(program, lock.unlock("wait", { signature: by.signature }), { blockHeight });
  expect(wait(101n)).toBeUndefined();
  expect(wait(100n)).toBe(REFUSED);
  expect(wait(101n, bob)).toBe(REFUSED);
  const reveal = (secret: string, by = alice) =>
    attempt(program, lock.unlock("reveal", { secret, signature: by.signature }), {
      blockHeight: 1n,
    });
  expect(reveal("sesame")).toBeUndefined();
  expect(reveal("simsim")).toBe(REFUSED);
  expect(reveal("sesame", bob)).toBe(REFUSED);
});

it("HashTimeLock", () => {
  const lock = templates.hashTimeLockContract;
  const program = lock.instantiate({
    image: sha256(text("swap")),
    recipient: alice.publicKey,
    sender: bob.publicKey,
    refundHeight: 100n,
  });
  const claim = (secret: string, by = alice) =>
    attempt(program, lock.unlock("claim", { secret, signature: by.signature }));
  expect(claim("swap")).toBeUndefined();
  expect(claim("swop")).toBe(REFUSED);
  expect(claim("swap", bob)).toBe(REFUSED);
  const refund = (blockHeight: bigint, by = bob) =>
    attempt(program, lock.unlock("refund", { signature: by.signature }), { blockHeight });
  expect(refund(101n)).toBeUndefined();
  expect(refund(100n)).toBe(REFUSED);
  expect(refund(101n, alice)).toBe(REFUSED);
});

it("PriceChanger", () => {
  const lock = templates.priceChangerContract;
  const terms = { askAsset: money, sellerKey: alice.publicKey, seller };
  const program = lock.instantiate({ ...terms, askAmount: 10n });
  const next = lock.composed({ ...terms, askAmount: 12n });
  const change = (newAmount: bigint, to: Uint8Array, by = alice) =>
    attempt(
      program,
      lock.unlock("changePrice", { newAmount, newAsset: money, signature: by.signature }),
      pays(1000n, locked, to),
    );
  expect(change(12n, next)).toBeUndefined();
  expect(change(13n, next)).toBe(REFUSED);
  expect(change(12n, lock.instantiate({ ...terms, askAmount: 12n }))).toBe(REFUSED);
  expect(change(12n, next, bob)).toBe(REFUSED);
  const buy = (from: Uint8Array, price: bigint) =>
    attempt(from, lock.unlock("buy", {}), pays(price, money, seller));
  expect(buy(program, 10n)).toBeUndefined();
  expect(buy(program, 9n)).toBe(REFUSED);
  expect(buy(next, 12n)).toBeUndefined();
  expect(buy(next, 10n)).toBe(REFUSED);
});

it("PartialTrade", () => {
  const lock = templates.partialTradeContract;
  const terms = {
    wantedAsset: money,
    numerator: 3n,
    denominator: 2n,
    seller,
    sellerKey: alice.publicKey,
  };
  const program = lock.instantiate(terms);
  const rest = lock.composed(terms);
  const part = (payment: bigint, left: bigint, from = program, amount = 1000n, to = rest) =>
    attempt(from, lock.unlock("part", { payment }), {
      amount,
      outputs: [output(payment, money, seller), output(left, locked, to)],
    });
  expect(part(30n, 980n)).toBeUndefined();
  expect(part(30n, 979n)).toBe(REFUSED);
  expect(part(30n, 980n, program, 1000n, buyer)).toBe(REFUSED);
  expect(part(1n, 1000n)).toBe(REFUSED);
  expect(part(1500n, 0n)).toBe(REFUSED);
  expect(part(30n, 960n, rest, 980n)).toBeUndefined();
  const whole = (price: bigint, amount = 1000n) =>
    attempt(program, lock.unlock("whole", {}), { amount, ...pays(price, money, seller) });
  expect(whole(1500n)).toBeUndefined();
  expect(whole(1499n)).toBe(REFUSED);
  expect(whole(0n, 0n)).toBe(REFUSED);
  expect(attempt(program, lock.unlock("cancel", { signature }))).toBeUndefined();
  expect(attempt(program, lock.unlock("cancel", { signature: bob.signature }))).toBe(REFUSED);
});

describe("issuance programs", () => {
  const keys = { key1: alice.publicKey, key2: bob.publicKey, key3: carol.publicKey };
  const good = { signature1: alice.signature, signature2: carol.signature };
  const bad = { signature1: carol.signature, signature2: alice.signature };

  it("IssueByQuorum", () => {
    const lock = templates.issueByQuorumContract;
    const program = lock.instantiate(keys);
    expect(attempt(program, lock.unlock("issue", good))).toBeUndefined();
    expect(attempt(program, lock.unlock("issue", bad))).toBe(REFUSED);
  });

  it("IssueUntil", () => {
    const lock = templates.issueUntilContract;
    const program = lock.instantiate({ ...keys, issueUntil: 100n });
    const issue = (args: typeof good, blockHeight: bigint) =>
      attempt(program, lock.unlock("issue", args), { blockHeight });
    expect(issue(good, 99n)).toBeUndefined();
    expect(issue(good, 100n)).toBe(REFUSED);
    expect(issue(bad, 99n)).toBe(REFUSED);
  });

  it("IssueCapped", () => {
    const lock = templates.issueCappedContract;
    const program = lock.instantiate({ ...keys, maxSupply: 21n });
    const issue = (args: typeof good, amount: bigint) =>
      attempt(program, lock.unlock("issue", args), { amount });
    expect(issue(good, 21n)).toBeUndefined();
    expect(issue(good, 22n)).toBe(REFUSED);
    expect(issue(bad, 21n)).toBe(REFUSED);
  });

  it("IssueOne", () => {
    const lock = templates.issueOneContract;
    const program = lock.instantiate(keys);
    const issue = (args: typeof good, amount: bigint) =>
      attempt(program, lock.unlock("issue", args), { amount });
    expect(issue(good, 1n)).toBeUndefined();
    expect(issue(good, 2n)).toBe(REFUSED);
    expect(issue(good, 0n)).toBe(REFUSED);
    expect(issue(bad, 1n)).toBe(REFUSED);
  });

  it("are written for any number of keys", () => {
    const { issuanceSource } = templates;
    for (const program of ["IssueByQuorum", "IssueCapped", "IssueOne", "IssueUntil"] as const) {
      const [compiled] = compile(issuanceSource({ program, keys: 3, quorum: 2 }));
      expect(compiled?.opcodes).toBe(artifacts.get(program)?.opcodes);
      expect(compile(issuanceSource({ program, keys: 100, quorum: 100 }))).toHaveLength(1);
    }
    expect(() => issuanceSource({ program: "IssueOne", keys: 0, quorum: 0 })).toThrow(RangeError);
    expect(() => issuanceSource({ program: "IssueOne", keys: 2, quorum: 3 })).toThrow(RangeError);
  });
});

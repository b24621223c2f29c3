import { expect, it } from "vitest";
import { assemble, ProgramBuilder, pushdata, pushdataInt, pushdataPrefix } from "../src/index.ts";
import { toHex } from "../src/text.ts";

it("fills jumps forwards and backwards", () => {
  const builder = new ProgramBuilder();
  const [start, end] = [builder.newJumpTarget(), builder.newJumpTarget()];
  builder.setJumpTarget(start).addInt(1n).addJumpIf(end).addJump(start);
  const program = builder.setJumpTarget(end).addData(Uint8Array.of(1, 2)).build();
  expect(toHex(program)).toBe(toHex(assemble("$start 1 JUMPIF:$end JUMP:$start $end 0x0102")));
});

it("names the jump without a target", () => {
  const builder = new ProgramBuilder();
  builder.addInt(1n).addJump(builder.newJumpTarget());
  expect(() => builder.build()).toThrow(
    expect.objectContaining({ name: "BvmError", code: "unresolved-jump", position: 1 }),
  );
});

it("grows and can be used after build", () => {
  const builder = new ProgramBuilder().addData(new Uint8Array(70_000));
  expect(builder.build()).toHaveLength(70_005);
  expect(builder.addOp(0x51).build()).toHaveLength(70_006);
});

it("refuses what is no opcode, number, length or target of its own", () => {
  expect(() => new ProgramBuilder().addOp(256)).toThrow(RangeError);
  expect(() => new ProgramBuilder().addJump({ index: 0 })).toThrow(RangeError);
  expect(() => pushdataInt(2n ** 63n)).toThrow(RangeError);
  expect(() => pushdataPrefix(-1)).toThrow(RangeError);
  expect(() => pushdataPrefix(2 ** 32)).toThrow(RangeError);
});

it("never pushes data by a small-number opcode", () => {
  expect(toHex(pushdata(Uint8Array.of(1)))).toBe("0101");
  expect(toHex(pushdataInt(1n))).toBe("51");
  expect(toHex(pushdataInt(-1n))).toBe("08ffffffffffffffff");
  expect(toHex(pushdataPrefix(0x01020304))).toBe("4e04030201");
});

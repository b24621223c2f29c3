import type { FuzzTarget } from "../../../scripts/harness.ts";
import { JsonSyntaxError, readJson } from "../src/http/json-reader.ts";

const seeds = [
  '{"block_height":5}',
  '{"block_hash":"99d66e9819b8ea9f758960d3278282de042002bb0a2b6011213edfb659ab5415"} rest',
  '[null,true,false,-0.5e-3,"\\u0041\\n",{"a":{"a":[]}}]',
];

/** What a client may send as a request body. */
export default (): FuzzTarget[] => [
  {
    name: "node/json",
    seeds: seeds.map((text) => new TextEncoder().encode(text)),
    run: (input) => void readJson(new TextDecoder().decode(input)),
    isExpected: (error) => error instanceof JsonSyntaxError,
    maxLength: 65_536,
  },
];

/**
 * The main-chain networks.
 *
 * @see spec 10-ledger, section 9 "Networks"
 */
import { bytom } from "./dialect.ts";
import { type BytomNetwork, defineNetwork } from "./network.ts";

/** What all main-chain networks have in common. */
const COMMON = {
  type: "bytom",
  dialect: bytom,
  vmGasRate: 200n,
  storageGasRate: 1n,
  maxTransactionGas: 200_000n,
  maxBlockGas: 10_000_000n,
  defaultGasCredit: 30_000n,
  maxCoinbaseArbitrary: 128,
  coinbaseMaturity: 100n,
  emptyInputIdsHeight: 142_500n,
  genesisNonce: 9_253_507_043_297n,
} as const;

/** The test network and the solo network share timestamp and bits too, and so their genesis hash. */
const TEST_COMMON = {
  ...COMMON,
  genesisTimestamp: 1_528_945_000n,
  genesisBits: 0x20000000000cccccn,
} as const;

/** The main network. */
export const bytomMainnet: BytomNetwork = /* @__PURE__ */ defineNetwork(COMMON, {
  chainId: "mainnet",
  name: "main",
  addressPrefix: "bm",
  defaultPort: 46657,
  listenPort: 46657,
  dnsSeeds: ["www.mainnetseed.bytom.io"],
  genesisTimestamp: 1_524_549_600n,
  genesisBits: 0x1e00000000011b68n,
  checkpoints: [
    { height: 10_000n, hash: "93e1eb7821d2b4ad0f5b1cea82e843ad8c099ab65d8f70c584caa2ddf174652c" },
    { height: 20_000n, hash: "7d3861f32cc00381bbcd9a376f105dfe6ffe2da5ea88a5e342eda1179ba80b7c" },
    { height: 30_000n, hash: "323606d4272e352446267be0fa4810a43bb240f109515b229ff3c38328aa4a00" },
    { height: 40_000n, hash: "7fe2de1121f3a9a0ee608d7d4beacc33fe4125dc2f26c2f29c0717f9e44f9d46" },
    { height: 50_000n, hash: "5efbdff53538a60b75320261835434ff3e822ef864ae2dc76c9d5ebda3d450cf" },
    { height: 62_000n, hash: "d7398f2357f94ca028a7002b539e512d3ecac92259fcd03f671a0ab102bf2b03" },
    { height: 72_000n, hash: "66023119f1603561a4f13804cce4598f5539ba22f26d90bfc187ef98cc704d94" },
    { height: 83_700n, hash: "7f26c911e846d06e36bbacce99a219893ff7842acb447fbb0e3ba368d62be80d" },
    { height: 93_700n, hash: "704470e5b39bd367192008421b59e8dcb5bbb92dd3dc284ecb7b0bbf2151e1ba" },
    { height: 106_600n, hash: "31152b00d407e1a706e1ae2e98698f47ff449701a79e08dbeb0f1f5addf526b9" },
    { height: 116_600n, hash: "08ebf76c27ed81e7e7fe13ca80712926287225a52aa0363058aa58c6ddf2a0e7" },
    { height: 126_600n, hash: "ac1041082480e95a9f320a5e177b018d0d0d3dfca71d815f13b4ad0fc6de7a10" },
    { height: 131_260n, hash: "df18b5b16f5fd2777cabb859cb1364ce0606513989301b69d600ecd8fad20993" },
    { height: 157_000n, hash: "b770384c8132af128dfab4eb464eb7eb6614d924c2d10c9c1420c9ea0e85c8c3" },
    { height: 180_000n, hash: "3c2a9155f3366a5a60cf8442ec4d0c63bc34e91d1c6bb0f050f3fb2df6a1d95c" },
    { height: 191_000n, hash: "094fe32391b5111868cc999feb95f9cca5276af90eda1bc62e0329fe08dd2b01" },
    { height: 205_000n, hash: "6fdd8726733f0bc75864a4df45e45027683818b9a94456203468d86872db656f" },
    { height: 219_700n, hash: "98498d4b7ee94455c107dd9aba6b49926115034f59423574ea3bdb2c53117574" },
    { height: 240_000n, hash: "35166558f4ef248243bb1579d4fe1b149fe9f0e048728668a7b9da58663b1ccb" },
    { height: 270_000n, hash: "9d6fccd8b8e48c17529ae61b4060e0e36d1e89c026df1c28180d290c9b15cc97" },
    { height: 300_000n, hash: "a285846ce03e1d68987d9321eacc1d0788d14c77a3d7558a2b4af74d5014535d" },
    { height: 320_000n, hash: "c6e7916fcb7a425dd622ef5d6a5cc191a9d90644cf364355fe45af24073123c6" },
    { height: 350_000n, hash: "f4886f9a179a1c2a439fc5ae2fe4a63371b4cd83c523c114b2b0a843f2a14b5c" },
    { height: 380_000n, hash: "f10041cceaf0679849895fa6a08d3304931bf84976e122e3cec26f19ff4f80f1" },
    { height: 420_000n, hash: "dc99c72d52a9c72fdbccf2b051a231de01063d5d5e1a35d71ff05c2b595c0632" },
    { height: 460_000n, hash: "f7fa12c9ab6ccd324eb04a576ae09ed4a3592d835a27bb1bc0cd12949eaf037d" },
    { height: 500_000n, hash: "35c7549a4b7b612ae94e16d6298b97180ca5736acb79fb2ac64af2c82a1835e6" },
    { height: 570_000n, hash: "46d228b4f3a292de9db31c864bb99465ad31a4a72894308ceaa0aaf19ae0bd9c" },
  ],
});

/** The test network, "wisdom". */
export const bytomWisdom: BytomNetwork = /* @__PURE__ */ defineNetwork(TEST_COMMON, {
  chainId: "wisdom",
  name: "test",
  addressPrefix: "tm",
  defaultPort: 46656,
  listenPort: 46656,
  dnsSeeds: ["www.testnetseed.bytom.io"],
  checkpoints: [
    { height: 10_303n, hash: "3e945d357030d43b3de3dd8067299a5e09f9fb2bad5f92c869d14239749ad11c" },
    { height: 40_000n, hash: "6b139a5b76779bd41cec536844bff448943d16e39b2ee8a10fa0bc7d2b1755fc" },
    { height: 78_000n, hash: "a903c00c621a3d007fd85d51ba43e4d0e3c5d48f30b55fa57762d88b11815fb4" },
    { height: 82_000n, hash: "56b1ba23695c8f514e23c0aeaa2508c585f37cd1c615a251da794f081366c985" },
    { height: 83_200n, hash: "b46fc5cfa33de111716840680ce74caf5a11fe82bc36880fbd04f0c486d4d6d5" },
    { height: 93_000n, hash: "6f4f375fe9fbdf66600ef039b7182675a09aa59b83c99a2545b87dd49924a28a" },
    { height: 113_300n, hash: "7a6975a5f6b694f394a2639128b6ab7ef971275ae259d3ff706ecbd8d8309cc4" },
    { height: 235_157n, hash: "fa76363e9e58eae47d26707ef38bfdad1a99f74cacc68099581013664b8c394f" },
    { height: 252_383n, hash: "a1aae6d94294997b9b715bf5239aee9227844c3247f2f2d9e3d76a2bbec31f50" },
    { height: 320_000n, hash: "b59feb444afd672a1c998ec848acebfe80f6587af17dead6c7e5933fae6588e6" },
    { height: 360_000n, hash: "ad305589f6d37c13818deb09ceea0864c439d5806188e2a5c88fd7644b0b5a6b" },
    { height: 400_000n, hash: "c2a5a3645101e31e57fb481541cfaa6766d1b32d91d23def53cd59975504abc8" },
    { height: 440_000n, hash: "ca56fff7943c1bc7005250a33f75a34beb06c8bae3459f932a8c6ca385332b82" },
  ],
});

/** A network of one, for development. */
export const bytomSolonet: BytomNetwork = /* @__PURE__ */ defineNetwork(TEST_COMMON, {
  chainId: "solonet",
  name: "solo",
  addressPrefix: "sm",
  defaultPort: undefined,
  listenPort: 46658,
  dnsSeeds: [],
  checkpoints: [],
});

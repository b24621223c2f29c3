/** What the vector files of `vectors/ledger` and `vectors/vapor` look like, as far as these tests read them. */
export interface TransactionVector {
  readonly raw: string;
  readonly tx_id: string;
  readonly mux_id: string;
  readonly serialized_size: string;
  readonly reserialized?: string;
  readonly inputs: readonly { readonly input_id: string; readonly sig_hash: string }[];
  readonly outputs: readonly { readonly id: string }[];
}

export interface SideChainTransactionVector {
  readonly hex: string;
  readonly tx_id: string;
  readonly inputs: readonly { readonly input_id: string; readonly sighash: string }[];
  readonly outputs: readonly { readonly output_id: string }[];
}

export interface DecodingVector {
  readonly raw?: string;
  readonly text?: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly tx_id?: string;
}

export interface BlockVector {
  readonly raw: string;
  readonly hash: string;
  readonly tx_ids: readonly string[];
  readonly transaction_merkle_root: string;
}

export interface MerkleProofVector {
  readonly tx_ids: readonly string[];
  readonly status_fail: readonly boolean[];
  readonly related_positions: readonly number[];
  readonly flags: readonly number[];
  readonly tx_hashes: readonly string[];
  readonly status_hashes: readonly string[];
  readonly tx_merkle_root: string;
  readonly tx_status_root: string;
  readonly tampered: readonly {
    readonly flags: readonly number[];
    readonly hashes: readonly string[];
    readonly related: readonly string[];
    readonly root: string;
    readonly valid: boolean;
  }[];
}

export interface AddressVectors {
  readonly valid: readonly {
    readonly network: string;
    readonly address: string;
    readonly hash: string;
    readonly control_program: string;
    readonly type: string;
  }[];
  readonly decode: readonly {
    readonly network: string;
    readonly address: string;
    readonly ok: boolean;
    readonly hash?: string;
  }[];
}

export declare const root: string;
export declare function bundle(entry: string): Promise<string>;

/** Bytes of a page. */
const PAGE_BYTES = 4 * 2 ** 20;
/** Pages in use at a time, at most: 128 MiB. */
const MAX_PAGES = 32;

interface Page {
  readonly buffer: SharedArrayBuffer;
  /** Where the free end begins. */
  used: number;
  /** Jobs that lie in it and are not answered. */
  jobs: number;
}

/** Where a job lies. */
export interface Place {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  readonly offset: number;
  readonly length: number;
  /** Buffers that go over to the worker for good. */
  readonly transfer: readonly ArrayBuffer[];
  /** The job is answered. */
  free(): void;
}

/**
 * Memory that all workers see: jobs are written once and only their places travel. A page is used
 * again when its last job is answered. Where memory cannot be shared, a job is moved instead.
 *
 * @see spec 94-parallel-validation, section 3.2
 */
export class Pages {
  private readonly free: Page[] = [];
  private current: Page | undefined;
  private count = 0;

  /** Writes a job, which is the pool's own; undefined when all pages are full. */
  place(job: Uint8Array<ArrayBuffer>): Place | undefined {
    if (!this.canShare(job))
      return {
        buffer: job.buffer,
        offset: job.byteOffset,
        length: job.length,
        transfer: [job.buffer],
        free() {},
      };
    return this.share(job);
  }

  /** Can these bytes lie in a page, for several jobs at once? */
  canShare(bytes: Uint8Array): boolean {
    return typeof SharedArrayBuffer !== "undefined" && bytes.length <= PAGE_BYTES;
  }

  /** Writes what {@link canShare}; undefined when all pages are full. */
  share(bytes: Uint8Array): Place | undefined {
    const page = this.pageFor(bytes.length);
    if (page === undefined) return undefined;
    const offset = page.used;
    new Uint8Array(page.buffer).set(bytes, offset);
    page.used += bytes.length;
    page.jobs++;
    const free = () => {
      page.jobs--;
      if (page.jobs === 0 && page !== this.current) this.recycle(page);
    };
    return { buffer: page.buffer, offset, length: bytes.length, transfer: [], free };
  }

  private pageFor(length: number): Page | undefined {
    const { current } = this;
    if (current !== undefined) {
      if (current.jobs === 0) current.used = 0;
      if (current.used + length <= PAGE_BYTES) return current;
    }
    const next = this.free.pop() ?? this.create();
    if (next !== undefined) this.current = next;
    return next;
  }

  private create(): Page | undefined {
    if (this.count >= MAX_PAGES) return undefined;
    this.count++;
    return { buffer: new SharedArrayBuffer(PAGE_BYTES), used: 0, jobs: 0 };
  }

  private recycle(page: Page): void {
    page.used = 0;
    this.free.push(page);
  }
}

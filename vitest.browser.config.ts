import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** The pure packages in a real Chromium: their unit tests, minus what needs Node by its nature. */
export default defineConfig({
  resolve: { conditions: ["@bystack/source"] },
  test: {
    reporters: ["default", "./scripts/vitest-reporter.mjs"],
    testTimeout: 120_000,
    include: ["packages/*/test/**/*.browser.test.ts"],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      }),
      instances: [{ browser: "chromium" }],
    },
  },
});

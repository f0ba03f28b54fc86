/* Fills in what a QR code holds, and works out the SHA-256 of a file that never leaves the browser. */

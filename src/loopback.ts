const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/**
 * Tells whether a host, as an address or as in a URL, is this machine. `x.localhost` is not: a name server may send it elsewhere.
 */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

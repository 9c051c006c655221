const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

/**
 * Tells whether a host is this machine, as an address or as a URL writes it. `x.localhost` is not: who asks a name server for it
 * may be sent elsewhere.
 */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

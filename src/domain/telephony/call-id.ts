import { PLAIN_CODE } from '../plain-code.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** [DG6] Whether a switch's name of a call may stand in the log as it is: it holds neither words nor anybody's number. */
export const isPlainCallId = (written: string): boolean => UUID.test(written) || PLAIN_CODE.test(written);

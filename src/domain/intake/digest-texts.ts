import { plainPhoneNumber } from './phone-number.js';

/** What keyed digests of persons are made of, so that who writes them and who searches by them agree. */
export interface DigestText {
  purpose: 'phone' | 'id';
  text: string;
}

/** The same for one number, however it is written. */
export const phoneText = (written: string): DigestText => ({ purpose: 'phone', text: plainPhoneNumber(written) });

export const idText = (written: string): DigestText => ({ purpose: 'id', text: written.toUpperCase() });

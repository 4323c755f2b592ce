export type ListName = 'units' | 'catalogue' | 'duties' | 'standards';
export const LIST_NAMES: readonly ListName[] = ['units', 'catalogue', 'duties', 'standards'];

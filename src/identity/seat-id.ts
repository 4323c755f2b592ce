/** Seats and their numbers stand in events: no place for a phone number. [DG6] */
export const SEAT_ID = /^(?!.*\d{7})(?!(?:.*?\d){11})[A-Za-z0-9-]{1,32}$/;
export const SEAT_ID_FORM = '坐席编号只能用字母、数字和连字符，不能是电话等号码';

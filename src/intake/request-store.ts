import { Injectable } from '@nestjs/common';
import type { Place, RequestLabels, Requester } from '@minqing-hub/client-sdk/protocol';
import type { ReadTx, SqlValue, Tx } from '../storage/unit-of-work.js';
import { PersonalDigest } from './personal-digest.js';

/** What a person asks, as it came in. Times are ms UTC. */
export interface CitizenRequest {
  requestNo: string;
  orderNo: string;
  receiptCode: string;
  source: string;
  sourceId: string;
  channel: string;
  title: string;
  text: string;
  labels: RequestLabels;
  /** When it happened; when somebody wrote it down on the way [IN5]; when the hub took it on. */
  occurredAt: number | null;
  collectedAt: number | null;
  registeredAt: number;
  registeredBy: string;
  areaCode: string | null;
}

/** What names a person or leads to one [DG1]. */
export interface PersonalData {
  requester: Requester | undefined;
  filedBy: string | undefined;
  place: Place | undefined;
}

export interface KeptRequester extends Requester {
  address?: string;
}

/** Requests, and apart from them, in rows that can be erased, who asked. */
@Injectable()
export class RequestStore {
  constructor(private readonly digest: PersonalDigest) {}

  async insert(tx: Tx, request: CitizenRequest, personal: PersonalData): Promise<void> {
    await tx.insert('citizen_request', {
      request_no: request.requestNo,
      order_no: request.orderNo,
      receipt_code: request.receiptCode,
      source: request.source,
      source_id: request.sourceId,
      channel: request.channel,
      title: request.title,
      body: request.text,
      labels: JSON.stringify(request.labels),
      occurred_at: request.occurredAt,
      collected_at: request.collectedAt,
      registered_at: request.registeredAt,
      registered_by: request.registeredBy,
      area_code: request.areaCode,
    });
    const row = this.personalRow(personal);
    if (Object.values(row).some((value) => value !== null)) {
      await tx.insert('requester', { request_no: request.requestNo, ...row });
    }
  }

  async receipt(tx: ReadTx, requestNo: string): Promise<{ orderNo: string; receiptCode: string } | undefined> {
    const row = await tx.one<{ order_no: string; receipt_code: string }>(
      'SELECT order_no, receipt_code FROM citizen_request WHERE request_no = ?',
      [requestNo],
    );
    return row && { orderNo: row.order_no, receiptCode: row.receipt_code };
  }

  /** Unmasked: only for who said why. Empty when nothing is known, or all of it was erased. */
  async requesterOf(tx: ReadTx, orderNo: string): Promise<KeptRequester> {
    const row = await tx.one<{
      name: string | null;
      phone: string | null;
      id_number: string | null;
      address: string | null;
    }>(
      `SELECT p.name, p.phone, p.id_number, p.address FROM citizen_request r
       JOIN requester p ON p.request_no = r.request_no WHERE r.order_no = ?`,
      [orderNo],
    );
    return {
      ...(row?.name && { name: row.name }),
      ...(row?.phone && { phone: row.phone }),
      ...(row?.id_number && { idNumber: row.id_number }),
      ...(row?.address && { address: row.address }),
    };
  }

  private personalRow({ requester, filedBy, place }: PersonalData): Record<string, SqlValue> {
    const phone = requester?.phone ?? null;
    const idNumber = requester?.idNumber?.toUpperCase() ?? null;
    const placed = isNumber(place?.lat) && isNumber(place.lng);
    return {
      name: requester?.name ?? null,
      filed_by: filedBy ?? null,
      phone,
      id_number: idNumber,
      address: place?.address ?? null,
      lat: placed ? (place.lat as number) : null,
      lng: placed ? (place.lng as number) : null,
      crs: placed ? (place.crs ?? 'WGS84') : null,
      phone_digest: this.digest.phone(phone),
      id_digest: this.digest.idNumber(idNumber),
    };
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number';

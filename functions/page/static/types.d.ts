// The API's shapes as docs/openapi.json describes them, for the type checker alone: never shipped.

export type MailingStatus = "scheduled" | "running" | "paused" | "finished" | "cancelled";
export type MessageStatus = "pending" | "sent" | "failed" | "unknown" | "expired" | "cancelled";
export type Reason =
  | "refused"
  | "ended"
  | "hours_never_open"
  | "mailing_cancelled"
  | "client_deleted"
  | "not_confirmed";

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Client {
  id: string;
  phone: string;
  operator_code: string;
  tags: string[];
  timezone: string;
  created_at: string;
  updated_at: string;
  version: number;
}

export interface Filter {
  operator_codes: string[];
  tags: string[];
}

export interface TimeWindow {
  start: string;
  end: string;
}

export interface Mailing {
  id: string;
  text: string;
  starts_at: string;
  ends_at: string;
  filter: Filter;
  time_window: TimeWindow | null;
  status: MailingStatus;
  created_at: string;
  updated_at: string;
  created_by: string | null;
  updated_by: string | null;
  version: number;
}

export interface Message {
  id: string;
  mailing_id: string;
  client_id: string;
  status: MessageStatus;
  created_at: string;
  sent_at: string | null;
  attempts: number;
  last_error: string | null;
  reason: Reason | null;
  not_before: string;
  gateway_id: string;
}

export type Counts = { total: number } & Record<MessageStatus, number>;

export interface Minute {
  minute: string;
  sent: number;
  failed: number;
  unknown: number;
  expired: number;
  cancelled: number;
  retried: number;
}

export interface MailingStatistics {
  mailing_id: string;
  status: MailingStatus;
  counts: Counts;
  attempts: number;
  timeline: Minute[];
  errors: { error: string; messages: number }[];
}

export interface MailingCounts {
  mailing_id: string;
  status: MailingStatus;
  counts: Counts;
}

export interface Overview extends Page<MailingCounts> {
  counts: Counts;
}

export interface Preview {
  recipients: number;
  exact: boolean;
  sms_parts: number | null;
  encoding: string | null;
  units: number | null;
  by_timezone: Record<string, number>;
  zones: {
    timezone: string;
    recipients: number;
    local_start: string;
    first_opening: string | null;
  }[];
}

export interface TestSend {
  id: string;
  mailing_id: string;
  status: "pending" | "sent" | "failed" | "unknown";
  attempts: number;
  created_at: string;
  sent_at: string | null;
  last_error: string | null;
}

export interface Suggestions {
  tags: { value: string; clients: number }[];
  operator_codes: { value: string; clients: number }[];
  exact: boolean;
}

export interface Import {
  id: string;
  status: "awaiting_upload" | "running" | "finished" | "failed";
  created_at: string;
  updated_at: string;
  finished_at: string | null;
  upload: { method: "PUT"; url: string; headers: Record<string, string> } | null;
  upload_until: string;
  bytes: number | null;
  bytes_done: number;
  rows: number;
  created: number;
  updated: number;
  rejected: number;
  errors: { line: number; message: string }[];
  reason: string | null;
  reason_detail: string | null;
}

export interface Gateway {
  status: "idle" | "well" | "troubled" | "down";
  breaker: { open: boolean; until: string | null };
  pace: { parts_per_s: number | null; share: number };
  last_error: string | null;
  last_error_at: string | null;
  minutes: {
    minute: string;
    calls: number;
    accepted: number;
    refused: number;
    retried: number;
    p50_ms: number;
    p95_ms: number;
    max_ms: number;
  }[];
}

export interface QueueDepth {
  ready: number;
  delayed: number;
  in_flight: number;
}

export interface Queues {
  messages: QueueDepth;
  fanout: QueueDepth;
  imports: QueueDepth;
  dead_letters: { messages: number; fanout: number; imports: number; undeliverable: number };
}

export interface SignIn {
  issuer: string;
  authorize_url: string;
  token_url: string;
  logout_url: string | null;
  client_id: string | null;
  scopes: string[];
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  errors?: { field: string; message: string }[];
}

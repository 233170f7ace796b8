export { createApi, type ImnotApi } from './api.ts'
export { ApiError, type ApiErrorCode, type ApiErrorOptions, isApiError } from './api-error.ts'
export type { AdminAnswer, AdminCall, AdminStream, Connection } from './connection.ts'
export { type ClientOptions, createClient } from './create-client.ts'
export type { Fetch } from './mock-fetch.ts'
export type { ClockApi } from './resources/clock.ts'
export type { Deliveries, DeliveryFilter, Redeliver, SessionDeliveries } from './resources/deliveries.ts'
export type { FlowFilter, Flows, SessionFlows } from './resources/flows.ts'
export type { Partners, RegisterPartner } from './resources/partners.ts'
export type { Payload, Payloads, SetPayload, StoredPayload, WhichPayload } from './resources/payloads.ts'
export type { ReportOptions } from './resources/report.ts'
export type {
  Expected,
  ExpectedRequest,
  ExpectedRequests,
  FollowFilter,
  RequestFilter,
  Requests,
  SessionRequests,
} from './resources/requests.ts'
export type { Session } from './resources/session.ts'
export type { CreateSession, ImportSession, SessionBindings, Sessions } from './resources/sessions.ts'
export type {
  AttemptInfo,
  BindingInfo,
  BodyInfo,
  ClockInfo,
  ConductFinding,
  ConductReport,
  DatapointInfo,
  DeliveryInfo,
  EndpointInfo,
  FailedFile,
  FlowInfo,
  JudgedRule,
  MessageInfo,
  NearestRoute,
  OpenApiDocument,
  PartnerInfo,
  PayloadInfo,
  PayloadName,
  PayloadView,
  RegisteredPartner,
  ReloadInfo,
  RequestInfo,
  RequestList,
  SessionInfo,
} from './shapes.ts'

import * as v from 'valibot';
import { Count, CourierIdText, StoreIdText, Timestamp, UserIdText, ZoneIdText } from '../wire.ts';

/** E.164 with the leading plus: `+919876543210`. */
const Phone = v.pipe(v.string(), v.regex(/^\+[1-9]\d{6,14}$/));
/** Kept in lower case, so that one mailbox is one account. At most 254 characters (RFC 5321, 4.5.3.1). */
const Email = v.pipe(v.string(), v.maxLength(254), v.regex(/^[^\s@A-Z]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/));
/** 8 to 128 characters of any kind; length counts, composition rules do not (OWASP ASVS 5.0, 6.2). */
const NewPassword = v.pipe(v.string(), v.minLength(8), v.maxLength(128));
const Password = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
const PersonName = v.pipe(v.string(), v.minLength(1), v.maxLength(100), v.regex(/\S/));
/** Made once by the app and kept with its refresh token. A refresh from another device is refused. */
const DeviceId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,64}$/));
const RefreshTokenText = v.pipe(v.string(), v.regex(/^kir_rt_[0-9A-Z_]{40,160}$/));

export const RegisterBody = v.strictObject({
  phone: Phone,
  email: v.optional(Email),
  name: PersonName,
  password: NewPassword,
  deviceId: v.optional(DeviceId),
});
export type RegisterBody = v.InferOutput<typeof RegisterBody>;

export const LoginBody = v.union([
  v.strictObject({ phone: Phone, password: Password, deviceId: v.optional(DeviceId) }),
  v.strictObject({ email: Email, password: Password, deviceId: v.optional(DeviceId) }),
]);
export type LoginBody = v.InferOutput<typeof LoginBody>;

export const RefreshBody = v.strictObject({ refreshToken: RefreshTokenText, deviceId: DeviceId });
export type RefreshBody = v.InferOutput<typeof RefreshBody>;

export const LogoutBody = v.strictObject({ refreshToken: RefreshTokenText });
export type LogoutBody = v.InferOutput<typeof LogoutBody>;

/** Who an access token speaks for. */
export const Principal = v.strictObject({
  id: UserIdText,
  role: v.picklist(['customer', 'staff', 'courier', 'operator']),
  storeId: v.optional(StoreIdText),
  courierId: v.optional(CourierIdText),
  zoneId: v.optional(ZoneIdText),
});
export type Principal = v.InferOutput<typeof Principal>;

export const SessionView = v.strictObject({
  tokenType: v.literal('Bearer'),
  accessToken: v.string(),
  /** Seconds, as OAuth 2.0 has it (RFC 6749, 5.1). */
  expiresIn: Count,
  /** Works once: each refresh brings its successor. */
  refreshToken: v.string(),
  refreshExpiresAt: Timestamp,
  deviceId: v.string(),
  user: Principal,
});
export type SessionView = v.InferOutput<typeof SessionView>;

/** A replacement of everything a user may change. */
export const ProfileBody = v.strictObject({ name: PersonName, email: v.nullable(Email) });
export type ProfileBody = v.InferOutput<typeof ProfileBody>;

export const ProfileView = v.strictObject({
  id: UserIdText,
  phone: v.string(),
  email: v.nullable(v.string()),
  name: v.string(),
  role: Principal.entries.role,
  createdAt: Timestamp,
});
export type ProfileView = v.InferOutput<typeof ProfileView>;

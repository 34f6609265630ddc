/** The errors of SRS (srs_kernel_error) that this engine can produce, with SRS's short names. */
const NAMES = {
  1011: 'SocketTimeout',
  1018: 'StConnect',
  1028: 'StreamBusy',
  1102: 'SystemAuth',
  3008: 'HttpResponseData',
  3064: 'HttpResponseCode',
  4005: 'HttpStatus',
  5012: 'RtcSdpDecode',
  5018: 'RtcSdpNegotiate',
  5020: 'RtcStreamBusy',
  5021: 'RtcDisabled',
  5036: 'RtcInvalidSession',
  5037: 'RtcInvalidIce',
  5043: 'RtcInvalidSdp',
} as const;

export type SrsErrorCode = keyof typeof NAMES;

export class SrsError extends Error {
  readonly code: SrsErrorCode;

  constructor(code: SrsErrorCode, message: string) {
    super(message);
    this.name = 'SrsError';
    this.code = code;
  }

  /** What a 7.x answer carries as its body: `5012: RtcSdpDecode`. */
  get text(): string {
    return `${this.code}: ${NAMES[this.code]}`;
  }
}

/** The status that SRS 7.0.121 and later gives a failed WHIP or WHEP request. */
export function statusOf(code: SrsErrorCode): 400 | 401 | 409 | 500 {
  switch (code) {
    case 5012:
    case 5018:
    case 5043:
      return 400;
    case 1102:
      return 401;
    case 1028:
      return 409;
    default:
      return 500;
  }
}

/** The filters of Liquid itself, as its library knows them. A test keeps the two equal. */
export const liquidFilterNames: readonly string[] = [
  ...[
    'abs',
    'append',
    'array_to_sentence_string',
    'at_least',
    'at_most',
    'base64_decode',
    'base64_encode',
    'capitalize',
  ],
  ...['ceil', 'cgi_escape', 'compact', 'concat', 'date', 'date_to_long_string', 'date_to_rfc822', 'date_to_string'],
  ...[
    'date_to_xmlschema',
    'default',
    'divided_by',
    'downcase',
    'escape',
    'escape_once',
    'find',
    'find_exp',
    'find_index',
  ],
  ...[
    'find_index_exp',
    'first',
    'floor',
    'group_by',
    'group_by_exp',
    'has',
    'has_exp',
    'hmac_sha256',
    'inspect',
    'join',
  ],
  ...['json', 'jsonify', 'last', 'lstrip', 'map', 'minus', 'modulo', 'newline_to_br', 'normalize_whitespace'],
  ...['number_of_words', 'plus', 'pop', 'prepend', 'push', 'raw', 'reject', 'reject_exp', 'remove', 'remove_first'],
  ...[
    'remove_last',
    'replace',
    'replace_first',
    'replace_last',
    'reverse',
    'round',
    'rstrip',
    'sample',
    'sha256',
    'shift',
  ],
  ...['size', 'slice', 'slugify', 'sort', 'sort_natural', 'split', 'squish', 'strip', 'strip_html', 'strip_newlines'],
  ...[
    'sum',
    'times',
    'to_integer',
    'truncate',
    'truncatewords',
    'uniq',
    'unshift',
    'upcase',
    'uri_escape',
    'url_decode',
  ],
  ...['url_encode', 'where', 'where_exp', 'xml_escape'],
]

/** The filters that imnot adds to Liquid's, or does in its own way. A test keeps them equal to the ones that core has. */
export const ownFilterNames: readonly string[] = [
  ...[
    'add_time',
    'base64',
    'base64_decode',
    'chunk',
    'date',
    'hex',
    'hmac',
    'json',
    'join',
    'match',
    'md5',
    'nest',
    'number',
  ],
  ...['pairs', 'parse_json', 'random', 'sha1', 'sha256', 'sort_keys', 'unix', 'url_encode', 'where', 'xml_escape'],
]

/** Every filter that a template may use. */
export const filterNames: ReadonlySet<string> = new Set([...liquidFilterNames, ...ownFilterNames])

/** What the templates of a signature may begin with: it is made of one attempt, and of nothing else. */
export const signatureRoots: readonly string[] = ['timestamp', 'url', 'data', 'text', 'id', 'signature']

/** What a template may begin with, beside the loop variables around it. */
export const templateRoots: readonly string[] = [
  ...['request', 'flow', 'record', 'records', 'page', 'token', 'session', 'delivery', 'error', 'now', 'base_url'],
  ...['uuid', 'counters', 'forloop'],
]

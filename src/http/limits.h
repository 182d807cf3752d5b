// Every limit of the HTTP edge, each with its reason. Over a limit a client gets a clear error and
// the connection closes; the server never runs out of memory, descriptors or patience.

#ifndef GRAMME_HTTP_LIMITS_H_
#define GRAMME_HTTP_LIMITS_H_

#include <chrono>
#include <cstddef>

#include "base/clock.h"

namespace gramme {

struct Limits {
  // Longest request line, line end included. DynamoDB's is "POST / HTTP/1.1"; 8 KB is what
  // proxies and browsers grant a URL.
  std::size_t request_line_bytes_max = 8 * 1024;
  // All header lines together. A signed request with a session token has 2 to 4 KB.
  std::size_t header_bytes_max = 32 * 1024;
  // An SDK sends about ten; more only cost search time.
  std::size_t header_count_max = 100;
  // A body as sent and as decoded, each. 16 MB is DynamoDB's largest request (BatchWriteItem).
  std::size_t body_bytes_max = std::size_t{16} * 1024 * 1024;
  // Extensions of one chunk: nobody uses them, so this much is generous.
  std::size_t chunk_extension_bytes_max = 256;
  // Trailers are ignored; this bounds what is read in order to ignore it.
  std::size_t trailer_bytes_max = 8 * 1024;

  // One descriptor and about 2 KB each while idle. Past it a connection is answered 503 and closed.
  std::size_t connection_count_max = 16'384;
  // Bytes of bodies held for all connections together, of each that has more than kUnchargedBytes.
  // Past it bodies wait for their turn. Unsent responses count too, unless they bring a charge of
  // their own, but do not wait: past twice this much slow readers are cut off.
  std::size_t buffered_bytes_max = std::size_t{256} * 1024 * 1024;
  // Of it, what large bodies leave to small ones: who announces large bodies and sends nothing
  // keeps no small one waiting. Of the least that a server has, 20 MB, a body of 16 MB fits beside.
  std::size_t small_share_bytes() const { return buffered_bytes_max / 5; }
  // Small is what one item of 400 KB takes at most as JSON, but for escapes and many tiny values.
  std::size_t small_body_bytes_max = std::size_t{512} * 1024;

  // A connection without a request. Longer than SDKs keep theirs, so that they close first.
  Duration idle_timeout = std::chrono::seconds(75);
  // From the first byte of a request to the end of its headers: they fit in a few packets.
  Duration header_timeout = std::chrono::seconds(5);
  // How long a body may wait for memory before it is answered 503. Long enough for a burst to pass,
  // below the 30 s after which the most impatient SDKs give up on an answer.
  Duration room_patience = std::chrono::seconds(20);
  // A body or a response may take this long plus one second per transfer_bytes_per_second_min, and
  // never pauses for longer than this: large ones hold memory for which others wait. 128 KB/s is
  // below any link over which one sends megabytes.
  Duration transfer_grace = std::chrono::seconds(10);
  std::size_t transfer_bytes_per_second_min = 128 * 1024;
  // After the last response: time for the client to read it and close its side, before we close
  // ours (a close with unread input would make the kernel take the response back).
  Duration linger_timeout = std::chrono::seconds(2);
  // How often deadlines are looked at: every deadline is late by up to this much.
  Duration tick = std::chrono::milliseconds(250);
};

// What a body or an answer may take without asking the common budget: small requests never do.
inline constexpr std::size_t kUnchargedBytes = 8 * 1024;

}  // namespace gramme

#endif  // GRAMME_HTTP_LIMITS_H_

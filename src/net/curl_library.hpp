#pragma once

namespace jobrun::net {

/// Before anything else of libcurl's. Any thread, as often as one likes; throws when libcurl is unusable.
void initialise_curl_once();

/// For a thread of libcurl's, which leaves SIGPIPE alone: a write to a closed connection would end the process.
void block_broken_pipe_signal();

}  // namespace jobrun::net

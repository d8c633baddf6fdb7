#pragma once

#include <curl/curl.h>

#include <stdexcept>
#include <string>

namespace jobrun::net {

/// Before anything else of libcurl's. Any thread, as often as one likes; throws when libcurl is unusable.
void initialise_curl_once();

/// For a thread of libcurl's, which leaves SIGPIPE alone: a write to a closed connection would end the process.
void block_broken_pipe_signal();

/// Throws when libcurl does not take the option.
template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code != CURLE_OK) throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
}

}  // namespace jobrun::net

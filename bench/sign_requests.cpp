// Writes signed webhooks to a file, so that the load generator need not compute signatures.
//
//   bench_sign_requests URL TOKEN RUN FIRST COUNT > FILE
//
// One request a line: signature, a space, the form body. URL ends in /twilio/status or /twilio/voice.
#include <cstdint>
#include <iostream>
#include <string>

#include "bench/calls.hpp"
#include "gate/signature.hpp"
#include "net/form_encoding.hpp"

using namespace jobrun;

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: bench_sign_requests URL TOKEN RUN FIRST COUNT\n";
    return 2;
  }
  const std::string url = argv[1];
  const std::string token = argv[2];
  const std::uint64_t run = std::stoull(argv[3]);
  const std::uint64_t first = std::stoull(argv[4]);
  const std::uint64_t count = std::stoull(argv[5]);
  const std::string status = url.ends_with("/voice") ? "ringing" : "completed";
  std::ios::sync_with_stdio(false);
  for (std::uint64_t i = first; i < first + count; ++i) {
    // As the carrier sends them, sorted by name.
    const gate::Parameters parameters = {{"AccountSid", "AC00000000000000000000000000000000"},
                                         {"ApiVersion", "2010-04-01"},
                                         {"CallSid", bench::call_sid(run, i)},
                                         {"CallStatus", status},
                                         {"Called", bench::business_number.text()},
                                         {"Caller", bench::caller(i).text()},
                                         {"Direction", "inbound"},
                                         {"From", bench::caller(i).text()},
                                         {"FromCountry", "US"},
                                         {"To", bench::business_number.text()},
                                         {"ToCountry", "US"}};
    std::cout << gate::sign_form(token, url, parameters) << ' ' << net::form_encoded(parameters) << '\n';
  }
  return 0;
}

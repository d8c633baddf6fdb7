# Writes a C++ file that holds a file's bytes, so that the binary needs no files beside it.
#   cmake -DINPUT=page.html -DOUTPUT=page_html.cpp -P embed.cmake
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE ${OUTPUT}
"#include \"practice_api.hpp\"
namespace jobrun::simulator {
namespace {
constexpr char bytes[] = {${bytes}};
}  // namespace
const std::string_view page_html{bytes, sizeof(bytes)};
}  // namespace jobrun::simulator
")

#include "http/testing/framing_cases.h"

#include <libdeflate.h>

#include <cstddef>
#include <string_view>

namespace gramme {
namespace {

using Cases = std::vector<FramingCase>;

// A request with these header lines, each with its line end, and what follows them.
std::string Post(const std::string& header_lines, const std::string& after = "") {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + header_lines + "\r\n" + after;
}

std::string Chunked(const std::string& body) {
  return Post("Transfer-Encoding: chunked\r\n", body);
}

std::string GzipPost(const std::string& body, const std::string& coding = "gzip") {
  return Post(
      "Content-Encoding: " + coding + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
      body);
}

std::string Repeat(const std::string& text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

void AddLengthCases(Cases& cases) {
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
  const auto refused = [&](const std::string& name, const std::string& header_lines,
                           const std::string& body, int status = 400) {
    cases.push_back({name, Post(header_lines, body + smuggled), status});
  };
  refused("length and chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n");
  refused("chunked and length", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n");
  refused("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n", "hello");
  refused("two equal lengths", "Content-Length: 5\r\nContent-Length: 5\r\n", "hello");
  for (const char* length :
       {"+5", "-5", "0x5", "5 5", "5,5", "5, 5", "5.0", "", "five", "5;", "18446744073709551616",
        "18446744073709551621", "00000000000000000000005", "5\t5", "5\t", "5 \t "}) {
    refused("length '" + std::string(length) + "'",
            "Content-Length: " + std::string(length) + "\r\n", "hello");
  }
  refused("length beyond the cap", "Content-Length: 16777217\r\n", "x", 413);
  refused("length far beyond the cap", "Content-Length: 9223372036854775807\r\n", "x", 413);
  for (const char* coding : {"identity", "chunked, identity", "identity, chunked", "xchunked",
                             "chunkedx", "gzip, chunked", "chunked, chunked", "chunked,",
                             ",chunked", "\"chunked\"", "chunked;q=1", "", "chun ked",
                             "chunked\t"}) {
    refused("transfer encoding '" + std::string(coding) + "'",
            "Transfer-Encoding: " + std::string(coding) + "\r\n", "0\r\n\r\n");
  }
  refused("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
          "0\r\n\r\n");
  cases.push_back({"chunked in HTTP/1.0",
                   "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400});
  cases.push_back({"length", Post("Content-Length: 5\r\n", "hello"), 200, 1});
  cases.push_back({"length zero", Post("Content-Length: 0\r\n"), 200, 1});
  cases.push_back(
      {"length with white space around", Post("Content-Length: \t 5  \r\n", "hello"), 200, 1});
  cases.push_back({"no length, no body", Post(""), 200, 1});
}

void AddLineCases(Cases& cases) {
  const auto add = [&](const std::string& name, const std::string& bytes, int status) {
    cases.push_back({name, bytes, status, status == 200 ? 1 : 0});
  };
  add("bare LF after the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n", 400);
  add("bare LF after a header", "GET / HTTP/1.1\r\nHost: h\n\r\n", 400);
  add("bare LF as last line", "GET / HTTP/1.1\r\nHost: h\r\n\n", 400);
  add("bare LF everywhere", "GET / HTTP/1.1\nHost: h\n\n", 400);
  add("bare CR in a value", "GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", 400);
  add("bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: h\r\n\r\n", 400);
  add("CR CR LF", "GET / HTTP/1.1\r\r\nHost: h\r\n\r\n", 400);
  add("CR before a name", "GET / HTTP/1.1\r\nHost: h\r\n\rA: b\r\n\r\n", 400);
  add("fold with space", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", 400);
  add("fold with tab", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\tc\r\n\r\n", 400);
  add("space before the first name", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400);
  add("blank header line", "GET / HTTP/1.1\r\nHost: h\r\n \r\n\r\n", 400);
  add("space before the colon", "GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n", 400);
  add("tab before the colon", "GET / HTTP/1.1\r\nHost\t: h\r\n\r\n", 400);
  add("empty name", "GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n", 400);
  add("no colon", "GET / HTTP/1.1\r\nHost: h\r\nAb\r\n\r\n", 400);
  add("space in a name", "GET / HTTP/1.1\r\nHost: h\r\nA b: c\r\n\r\n", 400);
  add("NUL in a name", "GET / HTTP/1.1\r\nHost: h\r\nA" + std::string(1, '\0') + ": c\r\n\r\n",
      400);
  add("byte above ASCII in a name", "GET / HTTP/1.1\r\nHost: h\r\nA\xc3\xa9: c\r\n\r\n", 400);
  for (const char control : {'\0', '\x01', '\x08', '\x0b', '\x0c', '\x1f', '\x7f'}) {
    add("control " + std::to_string(control) + " in a value",
        "GET / HTTP/1.1\r\nHost: h\r\nA: b" + std::string(1, control) + "c\r\n\r\n", 400);
  }
  add("tab in a value", "GET / HTTP/1.1\r\nHost: h\r\nA: b\tc\r\n\r\n", 200);
  add("bytes above ASCII in a value", "GET / HTTP/1.1\r\nHost: h\r\nA: \xc3\xa9\xff\r\n\r\n", 200);
  add("empty value", "GET / HTTP/1.1\r\nHost: h\r\nA:\r\nB: \r\n\r\n", 200);
  add("one empty line first", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 200);
  add("two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400);
  add("bare LF first", "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 400);
}

void AddRequestLineCases(Cases& cases) {
  const auto add = [&](const std::string& line, int status) {
    cases.push_back({"line '" + line.substr(0, 40) + "'", line + "\r\nHost: h\r\n\r\n", status,
                     status == 200 ? 1 : 0});
  };
  for (const char* line : {"GET /",
                           "GET",
                           "GET / HTTP/1.1 ",
                           "GET  / HTTP/1.1",
                           "GET /  HTTP/1.1",
                           " GET / HTTP/1.1",
                           "GET / a HTTP/1.1",
                           "GET\t/ HTTP/1.1",
                           "get / HTTP/1.1",
                           "Get / HTTP/1.1",
                           "G3T / HTTP/1.1",
                           "FROBNICATE / HTTP/1.1",
                           "GET / http/1.1",
                           "GET / HTTP/1",
                           "GET / HTTP/11",
                           "GET / HTTP/1.10",
                           "GET / HTTP/1.x",
                           "GET / HTTPS/1.1",
                           "GET / XTTP/1.1",
                           "GET index HTTP/1.1",
                           "GET ftp://h/ HTTP/1.1",
                           "GET * HTTP/1.1",
                           "GET /# HTTP/1.1",
                           "GET /\x7f HTTP/1.1",
                           "GET /\xc3\xa9 HTTP/1.1",
                           "CONNECT h:80 HTTP/1.1",
                           "PRI * HTTP/1.1"}) {
    add(line, 400);
  }
  for (const char* version : {"HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"}) {
    add("GET / " + std::string(version), 505);
  }
  for (const char* line :
       {"GET / HTTP/1.1", "GET /a?b=c?d HTTP/1.1", "OPTIONS * HTTP/1.1", "GET http://h/a HTTP/1.1",
        "GET https://H HTTP/1.1", "GET http://h?a HTTP/1.1", "DELETE //x/../y HTTP/1.1"}) {
    add(line, 200);
  }
  add("GET http://other/ HTTP/1.1", 400);
  add("GET http://h:80/ HTTP/1.1", 400);
  add("GET http://user@h/ HTTP/1.1", 400);
  add("GET http:/// HTTP/1.1", 400);
}

void AddHostCases(Cases& cases) {
  const auto add = [&](const std::string& name, const std::string& lines, int status) {
    cases.push_back({name, "GET / HTTP/1.1\r\n" + lines + "\r\n", status, status == 200 ? 1 : 0});
  };
  add("no host", "", 400);
  add("empty host", "Host:\r\n", 400);
  add("two hosts", "Host: h\r\nHost: h\r\n", 400);
  add("two hosts, cases differ", "Host: h\r\nhOST: i\r\n", 400);
  for (const char* host : {"h i", "h,i", "h/i", "user@h", "h?", "h\\i"}) {
    add("host '" + std::string(host) + "'", "Host: " + std::string(host) + "\r\n", 400);
  }
  for (const char* host : {"h", "h:8000", "127.0.0.1:8000", "[::1]:8000", "a_b-c.example"}) {
    add("host '" + std::string(host) + "'", "Host: " + std::string(host) + "\r\n", 200);
  }
  cases.push_back({"no host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200, 1});
  cases.push_back({"two hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400});
}

void AddChunkCases(Cases& cases) {
  const auto refused = [&](const std::string& name, const std::string& body, int status = 400) {
    cases.push_back({"chunk: " + name, Chunked(body), status});
  };
  const auto served = [&](const std::string& name, const std::string& body) {
    cases.push_back({"chunk: " + name, Chunked(body), 200, 1});
  };
  refused("17 digits", "00000000000000005\r\nhello\r\n0\r\n\r\n");
  refused("17 digits that overflow", "10000000000000005\r\nhello\r\n0\r\n\r\n");
  refused("16 digits", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", 413);
  refused("above the cap", "1000001\r\n", 413);
  refused("above the cap together", "1\r\na\r\n1000000\r\n", 413);
  for (const char* size : {"+5", "-5", "0x5", " 5", "5 ", "5\t", "", "5g", "g", ";a", "5 ;a"}) {
    refused("size '" + std::string(size) + "'", std::string(size) + "\r\nhello\r\n0\r\n\r\n");
  }
  refused("extension of 257 bytes", "5;" + Repeat("a", 257) + "\r\nhello\r\n0\r\n\r\n");
  refused("control in an extension", "5;a\x01\r\nhello\r\n0\r\n\r\n");
  refused("LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n");
  refused("bare LF after the size", "5\nhello\r\n0\r\n\r\n");
  refused("bare CR after the size", "5\rhello\r\n0\r\n\r\n");
  refused("bare LF after the payload", "5\r\nhello\n0\r\n\r\n");
  refused("payload longer than its size", "4\r\nhello\r\n0\r\n\r\n");
  refused("payload shorter than its size", "6\r\nhello\r\n0\r\n\r\n");
  refused("bare LF at the end", "0\r\n\n");
  refused("wrong last line end", "0\r\n\rX");
  refused("trailer folded", "0\r\nA: b\r\n c\r\n\r\n");
  refused("control in a trailer", "0\r\nA: \x01\r\n\r\n");
  refused("trailers above the cap", "0\r\n" + Repeat("A: b\r\n", 3000) + "\r\n", 431);
  served("one", "5\r\nhello\r\n0\r\n\r\n");
  served("two, hexadecimal of both cases", "A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n");
  served("none", "0\r\n\r\n");
  served("many zeros", "0005\r\nhello\r\n0000\r\n\r\n");
  served("extension", "5;a=b\r\nhello\r\n0;c\r\n\r\n");
  served("extension of 256 bytes", "5;" + Repeat("a", 256) + "\r\nhello\r\n0\r\n\r\n");
  served("trailers", "5\r\nhello\r\n0\r\nA: b\r\nContent-Length: 3\r\n\r\n");
}

void AddSizeCases(Cases& cases) {
  const auto line = [](std::size_t size) {
    return "GET /" + Repeat("a", size - 16) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  };
  cases.push_back({"request line of 8192 bytes", line(8192), 200, 1});
  cases.push_back({"request line of 8193 bytes", line(8193), 414});
  const auto block = [](std::size_t size) {
    return "GET / HTTP/1.1\r\nHost: h\r\nA: " + Repeat("b", size - 16) + "\r\n\r\n";
  };
  cases.push_back({"headers of 32768 bytes", block(32768), 200, 1});
  cases.push_back({"headers of 32769 bytes", block(32769), 431});
  cases.push_back({"100 headers", Post(Repeat("A: b\r\n", 99)), 200, 1});
  cases.push_back({"101 headers", Post(Repeat("A: b\r\n", 100)), 431});
}

void AddCodingCases(Cases& cases) {
  const std::string zipped = Gzip(Repeat("hello ", 1000));
  cases.push_back({"gzip", GzipPost(zipped), 200, 1});
  cases.push_back({"gzip in upper case", GzipPost(zipped, "GZIP"), 200, 1});
  cases.push_back({"gzip of nothing", GzipPost(Gzip("")), 200, 1});
  cases.push_back({"identity", GzipPost("hello", "identity"), 200, 1});
  for (const char* coding : {"br", "deflate", "zstd", "gzip, gzip", "x-gzip", ""}) {
    cases.push_back({"coding '" + std::string(coding) + "'", GzipPost(zipped, coding), 415});
  }
  cases.push_back(
      {"coding twice", Post("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"), 415});
  cases.push_back({"gzip that is not", GzipPost("hello, this is not gzip at all"), 400});
  cases.push_back({"gzip of no bytes", GzipPost(""), 400});
  cases.push_back({"gzip cut short", GzipPost(zipped.substr(0, zipped.size() - 1)), 400});
  cases.push_back({"gzip with something behind", GzipPost(zipped + "x"), 400});
  cases.push_back({"gzip twice in a row", GzipPost(zipped + zipped), 400});
  std::string damaged = zipped;
  damaged[zipped.size() - 8] = static_cast<char>(damaged[zipped.size() - 8] ^ 1);
  cases.push_back({"gzip with a wrong checksum", GzipPost(damaged), 400});
  cases.push_back({"gzip bomb", GzipPost(Gzip(std::string(16 * 1024 * 1024 + 1, 'a'))), 413});
  std::string liar = Gzip(std::string(100'000, 'a'));
  liar.replace(liar.size() - 4, 4, std::string("\x10\0\0\0", 4));
  cases.push_back({"gzip that lies about its length", GzipPost(liar), 400});
  cases.push_back({"expectation unknown", Post("Expect: 200-ok\r\n"), 417});
}

void AddPipelineCases(Cases& cases) {
  const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
  cases.push_back({"two pipelined", get + get, 200, 2});
  cases.push_back(
      {"bodies pipelined",
       Post("Content-Length: 5\r\n", "hello") + Chunked("5\r\nhello\r\n0\r\n\r\n") + get, 200, 3});
  cases.push_back({"good, bad, good", get + "BAD\r\n\r\n" + get, 400, 1});
  cases.push_back(
      {"body longer than announced", Post("Content-Length: 4\r\n", "hello") + get, 400, 1});
  cases.push_back(
      {"upgrade is ignored",
       Post("Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n", "hello") + get, 200,
       2});
  cases.push_back({"upgrade without body is ignored",
                   "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n" + get,
                   200, 2});
}

}  // namespace

std::string Gzip(const std::string& content) {
  libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
  std::string result(libdeflate_gzip_compress_bound(compressor, content.size()), '\0');
  result.resize(libdeflate_gzip_compress(compressor, content.data(), content.size(), result.data(),
                                         result.size()));
  libdeflate_free_compressor(compressor);
  return result;
}

const std::vector<FramingCase>& FramingCases() {
  static const Cases cases = [] {
    Cases made;
    AddLengthCases(made);
    AddLineCases(made);
    AddRequestLineCases(made);
    AddHostCases(made);
    AddChunkCases(made);
    AddSizeCases(made);
    AddCodingCases(made);
    AddPipelineCases(made);
    return made;
  }();
  return cases;
}

const std::vector<FramingCase>& IncompleteCases() {
  static const Cases cases = {
      {"half a request line", "GET / HT", 400},
      {"half a header", "GET / HTTP/1.1\r\nHo", 400},
      {"no empty line", "GET / HTTP/1.1\r\nHost: h\r\n", 400},
      {"half a body", Post("Content-Length: 5\r\n", "hel"), 400},
      {"no last chunk", Chunked("5\r\nhello\r\n"), 400},
      {"no final CR LF", Chunked("5\r\nhello\r\n0\r\n"), 400},
      {"half a final CR LF", Chunked("5\r\nhello\r\n0\r\n\r"), 400},
      {"one and a half", Post("") + "POST", 400, 1},
  };
  return cases;
}

}  // namespace gramme

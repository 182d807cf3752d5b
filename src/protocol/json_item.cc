#include "protocol/json_item.h"

#include <cstddef>
#include <string_view>

#include "protocol/base64.h"
#include "protocol/json_buffer.h"

namespace gramme {
namespace {

// Of an item with a few attributes.
constexpr std::size_t kMarksBytes = 128;

// Visits one item (encoding/value_walk.h).
class JsonItemWriter {
 public:
  explicit JsonItemWriter(JsonBuffer& out) : out_(out) {}

  void Name(std::string_view name) {
    Separate();
    out_.AppendString(name);
    out_.Append(':');
    needs_comma_ = false;
  }
  void String(std::string_view text) {
    Open("{\"S\":");
    out_.AppendString(text);
    Close("}");
  }
  void Binary(std::string_view bytes) {
    Open("{\"B\":");
    out_.Append('"');
    out_.AppendWith([bytes](std::string& text) { AppendBase64(bytes, text); });
    out_.Append('"');
    Close("}");
  }
  void Number(const gramme::Number& number) {
    Open("{\"N\":");
    char* to = out_.Reserve(gramme::Number::kTextBytesMax + 2);
    *to++ = '"';
    to = number.WriteTo(to);
    *to++ = '"';
    out_.Advance(to);
    Close("}");
  }
  void Bool(bool value) {
    Open("{\"BOOL\":");
    Close(value ? "true}" : "false}");
  }
  void Null() {
    Open("{\"NULL\":");
    Close("true}");
  }
  void BeginSet(AttributeType type) {
    Begin(type == AttributeType::kStringSet   ? "{\"SS\":["
          : type == AttributeType::kNumberSet ? "{\"NS\":["
                                              : "{\"BS\":[");
    in_set_ = true;
  }
  void EndSet() {
    in_set_ = false;
    Close("]}");
  }
  void BeginList() { Begin("{\"L\":["); }
  void EndList() { Close("]}"); }
  void BeginMap() { Begin("{\"M\":{"); }
  void EndMap() { Close("}}"); }

 private:
  void Separate() {
    if (needs_comma_) out_.Append(',');
  }
  // An element of a set stands there without its type.
  void Open(std::string_view text) {
    Separate();
    if (!in_set_) out_.Append(text);
  }
  void Close(std::string_view text) {
    if (!in_set_) out_.Append(text);
    needs_comma_ = true;
  }
  void Begin(std::string_view text) {
    Open(text);
    needs_comma_ = false;
  }

  JsonBuffer& out_;
  bool needs_comma_ = false;  // before the next name or value
  bool in_set_ = false;
};

}  // namespace

void AppendJsonItem(const EncodedItem& item, std::string& out) {
  JsonBuffer buffer(out);
  buffer.Append('{');
  JsonItemWriter writer(buffer);
  item.Visit(writer);
  buffer.Append('}');
}

void AppendJsonItems(const EncodedItems& items, std::string& out) {
  // Growing by doubling would take three times the memory for a moment. Where items consist of
  // short values, their marks need more than this, and it grows after all.
  out.reserve(out.size() + items.byte_count() + items.byte_count() / 8 +
              kMarksBytes * items.size());
  JsonBuffer buffer(out);
  buffer.Append('[');
  for (std::size_t i = 0; i < items.size(); ++i) {
    buffer.Append(i == 0 ? std::string_view("{") : std::string_view(",{"));
    JsonItemWriter writer(buffer);
    items.Visit(i, writer);
    buffer.Append('}');
  }
  buffer.Append(']');
}

}  // namespace gramme

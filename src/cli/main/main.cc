// The one binary.

#include "cli/command_line.h"

int main(int argument_count, char** arguments) {
  return static_cast<int>(gramme::RunCommandLine(argument_count, arguments));
}

#!/usr/bin/env sh
# Forwards to the build program. `./build.sh help` lists the targets.
cd "$(dirname "$0")" || exit 1
if ! command -v dotnet >/dev/null 2>&1; then
  echo "dotnet is not on the PATH: install the .NET 10 SDK." >&2
  exit 1
fi
exec dotnet run --file build/build.cs -- "$@"

#!/usr/bin/env bash
# .NET 11.0.0 on Linux: the first DllNotFoundException of a process does not say what the system's loader said, the second one of the same call does.
# On .NET 10 (10.0.12) both say it. So a log that has only the first failure lacks the line with the reason, and two failures of one call do not
# compare as equal. Seen with NativeLibrary.Load of a name that is nowhere.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > probe.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
</Project>
XML
cat > probe.cs <<'CS'
using System;
using System.Runtime.InteropServices;
for (var i = 1; i <= 2; i++)
{
    try
    {
        NativeLibrary.Load("there-is-no-such-library");
    }
    catch (DllNotFoundException e)
    {
        Console.WriteLine($"{i}: {(e.Message.Contains("cannot open shared object file") ? "with" : "without")} the loader's reason");
    }
}
CS
probe() { # version
    dotnet publish -v quiet --nologo -p:RuntimeFrameworkVersion="$1" -o "$1" > publish.log 2>&1 || { cat publish.log; exit 1; }
    "$1/probe"
}
ten=$(probe 10.0.12)
eleven=$(probe 11.0.0)
printf 'on 10.0.12:\n%s\non 11.0.0:\n%s\n' "$ten" "$eleven"
[ "$ten" = $'1: with the loader\'s reason\n2: with the loader\'s reason' ]
[ "$eleven" = $'1: without the loader\'s reason\n2: with the loader\'s reason' ]

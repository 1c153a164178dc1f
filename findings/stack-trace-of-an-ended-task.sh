#!/usr/bin/env bash
# Code compiled as runtime-async on .NET 11.0.0: the text of an exception's stack trace depends on whether the awaited task had already failed. Where such
# a method awaits the call of one that only hands a task on, there is a frame of the runtime (AsyncHelpers.TransparentAwait) if the task had failed, and
# none if the method had to wait. The same source compiled with state machines gives the same text both times. So a trace may change from run to run, and
# grouping errors by their stack traces splits one error in two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > probe.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <LangVersion>preview</LangVersion>
    <EnablePreviewFeatures>true</EnablePreviewFeatures>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <RuntimeFrameworkVersion>11.0.0</RuntimeFrameworkVersion>
    <InvariantGlobalization>true</InvariantGlobalization>
    <DebugType>none</DebugType>
    <Features>$(Features);$(Async)</Features>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Net.Compilers.Toolset" Version="5.9.0" PrivateAssets="all" />
    <PackageDownload Include="Microsoft.NETCore.App.Ref" Version="[11.0.0]" />
  </ItemGroup>
  <Target Name="Reference11" AfterTargets="ResolveTargetingPackAssets">
    <ItemGroup>
      <Reference Remove="@(Reference)" />
      <Reference Include="$(NuGetPackageRoot)microsoft.netcore.app.ref/11.0.0/ref/net11.0/*.dll" Private="false" />
    </ItemGroup>
  </Target>
</Project>
XML
cat > probe.cs <<'CS'
using System;
using System.Linq;
using System.Threading.Tasks;
static class Probe
{
    static async Task Waits(Task task) => await HandOn(task);

    static Task HandOn(Task task) => task;

    static async Task Main()
    {
        var ended = new TaskCompletionSource();
        ended.SetException(new InvalidOperationException());
        Console.WriteLine($"had ended: {await Frames(Waits(ended.Task))}");
        var pending = new TaskCompletionSource();
        var call = Waits(pending.Task);
        pending.SetException(new InvalidOperationException());
        Console.WriteLine($"had to wait: {await Frames(call)}");
    }

    static async Task<string> Frames(Task task)
    {
        try
        {
            await task;
            return "";
        }
        catch (InvalidOperationException e)
        {
            var lines = e.StackTrace!.Split('\n');
            return $"Waits {lines.Count(line => line.Contains("Waits"))}, TransparentAwait {lines.Count(line => line.Contains("TransparentAwait"))}";
        }
    }
}
CS
probe() { # feature
    dotnet publish -v quiet --nologo -p:Async="$1" -p:IntermediateOutputPath="obj/$1/" -o "$1" > publish.log 2>&1 || { cat publish.log; exit 1; }
    "$1/probe"
}
classic=$(probe runtime-async=off)
runtime=$(probe runtime-async=on)
printf 'state machines:\n%s\nruntime-async:\n%s\n' "$classic" "$runtime"
[ "$(sed 's/.*: //' <<< "$classic" | sort -u | wc -l)" = 1 ]
[ "$(sed 's/.*: //' <<< "$runtime" | sort -u | wc -l)" = 2 ]

#!/usr/bin/env bash
# .NET 10.0.12 and 11.0.0: an ActivityListener that is added while an activity is being created (by another listener's Sample callback, or by a thread that
# this callback waits for) is never asked about that activity, although the activity does not exist yet: alone, such a listener gets nothing, and StartActivity
# gives null. But if the other listener wants the activity, the late one is told of its start and of its end, with ActivityTraceFlags and
# IsAllDataRequested that it was never asked about. So «started» without «sampled» is possible, and whoever comes late has to have somebody ask it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > app.cs <<'CS'
using System.Diagnostics;

Console.WriteLine($".NET {Environment.Version}");
foreach (var wish in new[] { ActivitySamplingResult.None, ActivitySamplingResult.AllData })
{
    using var source = new ActivitySource($"shop {wish}");
    var late = new ActivityListener
    {
        ShouldListenTo = heard => heard == source,
        Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
        {
            Console.WriteLine($"  late asked about {options.Name}");
            return ActivitySamplingResult.AllDataAndRecorded;
        },
        ActivityStarted = activity => Console.WriteLine($"  late told of the start of {activity.OperationName}, recorded: {activity.Recorded}"),
        ActivityStopped = activity => Console.WriteLine($"  late told of the end of {activity.OperationName}"),
    };
    using var early = new ActivityListener
    {
        ShouldListenTo = heard => heard == source,
        Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
        {
            ActivitySource.AddActivityListener(late); // once, however often
            return wish;
        },
    };
    ActivitySource.AddActivityListener(early);
    Console.WriteLine($"the early one says {wish}");
    foreach (var name in new[] { "first", "second" })
    {
        using var activity = source.StartActivity(name);
        Console.WriteLine($"  {name} is {(activity is null ? "null" : "there")}");
    }
    late.Dispose();
}
CS
expected='the early one says None
  first is null
  late asked about second
  late told of the start of second, recorded: True
  second is there
  late told of the end of second
the early one says AllData
  late told of the start of first, recorded: False
  first is there
  late told of the end of first
  late asked about second
  late told of the start of second, recorded: True
  second is there
  late told of the end of second'
for version in 10.0.12 11.0.0; do
    cat > App.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <RuntimeFrameworkVersion>$version</RuntimeFrameworkVersion>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
</Project>
XML
    dotnet publish App.csproj --nologo -o "$version" > build.log 2>&1 || { cat build.log; exit 1; }
    seen=$("$version/App")
    echo "$seen"
    [ "$seen" = ".NET $version"$'\n'"$expected" ]
done

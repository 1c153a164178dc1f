#!/usr/bin/env bash
# Orleans 10.4.2 with AddActivityPropagation: where a request is not sampled, so that its call of a grain makes no span, the call hands no context on either, and
# the grain's own span begins a trace, which is sampled. With OpenTelemetry's default sampler (parent based), and with a ratio of 1 %, one expects as with HTTP and gRPC that
# the grain hears that its caller is not sampled, and is not either. Seen: the span of the sampled call has its caller as its parent, that of the other one none, and is recorded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > probe.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Orleans.Server" Version="10.4.2" />
  </ItemGroup>
</Project>
XML
cat > probe.cs <<'CS'
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
var call = "";
using var listener = new ActivityListener
{
    ShouldListenTo = source => source.Name is "Microsoft.Orleans.Application" or "probe",
    // As OpenTelemetry's ParentBasedSampler around an AlwaysOnSampler.
    Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
        options.Parent.TraceId == default || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded
        : options.Parent.IsRemote ? ActivitySamplingResult.PropagationData : ActivitySamplingResult.None,
    ActivityStopped = span =>
    {
        if (span.Source.Name != "probe")
            Console.WriteLine($"{call}: {span.Kind}, recorded: {span.Recorded}, parent: {(span.ParentSpanId == default ? "none" : "the caller")}");
    },
};
ActivitySource.AddActivityListener(listener);
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Host.UseOrleans(silo => silo.UseLocalhostClustering(Port(), Port()).AddActivityPropagation());
await using var app = builder.Build();
await app.StartAsync();
var clerk = app.Services.GetRequiredService<IGrainFactory>().GetGrain<IClerk>("clerk");
call = "sampled";
using (new ActivitySource("probe").StartActivity("request"))
    await clerk.Write();
call = "not sampled";
using (new Activity("request").Start()) // has no flag
    await clerk.Write();
await app.StopAsync();
static int Port()
{
    using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
    socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    return ((IPEndPoint)socket.LocalEndPoint!).Port;
}
public interface IClerk : IGrainWithStringKey
{
    Task<string> Write();
}
public sealed class Clerk : Grain, IClerk
{
    public Task<string> Write() => Task.FromResult("Dear Sir or Madam");
}
CS
dotnet build -v quiet --nologo > build.log 2>&1 || { cat build.log; exit 1; }
seen=$(dotnet run --no-build)
printf '%s\n' "$seen"
[ "$(sort <<< "$seen")" = "not sampled: Server, recorded: True, parent: none
sampled: Client, recorded: True, parent: the caller
sampled: Server, recorded: True, parent: the caller" ]

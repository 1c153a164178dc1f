#!/usr/bin/env bash
# Orleans 10.4.2: a reminder that is registered with a due time of zero comes for the first time after a whole period, with one of a day tomorrow. One expects it at once, as
# a grain timer with a due time of zero. Seen: with a period of three seconds the timer's tick comes within the first, the reminder after the third; with a due time of half a second it
# comes after that.
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
    <PackageReference Include="Microsoft.Orleans.Reminders" Version="10.4.2" />
  </ItemGroup>
</Project>
XML
cat > probe.cs <<'CS'
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;
using Orleans.Runtime;
var builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Host.UseOrleans(silo => silo.UseLocalhostClustering(Port(), Port()).UseInMemoryReminderService().Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1)));
await using var app = builder.Build();
await app.StartAsync();
var clerk = app.Services.GetRequiredService<IGrainFactory>().GetGrain<IClerk>("clerk");
await clerk.Remind("half a second", TimeSpan.FromSeconds(0.5)); // also warms up
Console.WriteLine($"due in half a second: {await Clerk.Passed()}");
await clerk.Tick();
Console.WriteLine($"timer due at once: {await Clerk.Passed()}");
await clerk.Remind("at once", TimeSpan.Zero);
Console.WriteLine($"due at once: {await Clerk.Passed()}");
await app.StopAsync();
static int Port()
{
    using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
    socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    return ((IPEndPoint)socket.LocalEndPoint!).Port;
}
public interface IClerk : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan due);
    Task Tick();
}
public sealed class Clerk : Grain, IClerk, IRemindable
{
    static TaskCompletionSource<TimeSpan> s_done = new();
    static long s_start;
    public static async Task<string> Passed() => await s_done.Task < TimeSpan.FromSeconds(2.5) ? "before a period has passed" : "after a period";
    public Task Remind(string name, TimeSpan due)
    {
        Begin();
        return this.RegisterOrUpdateReminder(name, due, TimeSpan.FromSeconds(3));
    }
    public Task Tick()
    {
        Begin();
        this.RegisterGrainTimer(End, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await this.UnregisterReminder((await this.GetReminder(reminderName))!);
        await End();
    }
    static void Begin() => (s_done, s_start) = (new(TaskCreationOptions.RunContinuationsAsynchronously), Stopwatch.GetTimestamp());
    static Task End()
    {
        s_done.TrySetResult(Stopwatch.GetElapsedTime(s_start));
        return Task.CompletedTask;
    }
}
CS
dotnet build -v quiet --nologo > build.log 2>&1 || { cat build.log; exit 1; }
seen=$(dotnet run --no-build)
printf '%s\n' "$seen"
[ "$seen" = "due in half a second: before a period has passed
timer due at once: before a period has passed
due at once: after a period" ]

#!/usr/bin/env bash
# QEMU 7.2 (qemu-user-static of Debian 12) with .NET 10.0.12: field 22 of /proc/self/stat, the time at which a process has started, is another one on each thread
# of an emulated process, namely when that thread has started. The runtime has put what its main thread was told into the name of its diagnostics
# socket, so a process that looks for its own socket by that name finds it on its main thread and on no other. Not emulated, it finds it on each.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > App.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <RuntimeFrameworkVersion>10.0.12</RuntimeFrameworkVersion>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
</Project>
XML
cat > app.cs <<'CS'
Look("main thread");
Thread.Sleep(200); // a few clock ticks later
var thread = new Thread(() => Look("another thread"));
thread.Start();
thread.Join();

static void Look(string where)
{
    var stat = File.ReadAllText("/proc/self/stat");
    var started = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
    Console.WriteLine($"{where}: {File.Exists($"{Path.GetTempPath()}dotnet-diagnostic-{Environment.ProcessId}-{started}-socket")}");
}
CS
dotnet publish App.csproj --nologo -o app > build.log 2>&1 || { cat build.log; exit 1; }
apt-get download -qq qemu-user-static > apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg-deb -x qemu-user-static_*.deb qemu
qemu=qemu/usr/bin/qemu-x86_64-static
$qemu --version | grep -o 'version 7\.2'
export TMPDIR=$folder
seen=$(echo "as it is"; app/App; echo emulated; $qemu app/App)
echo "$seen"
[ "$seen" = 'as it is
main thread: True
another thread: True
emulated
main thread: True
another thread: False' ]

#!/usr/bin/env bash
# .NET 10.0.12: a startup hook that DOTNET_STARTUP_HOOKS names by its full path is not the file that runs when the app has an assembly of that name among its own:
# the app's own file runs instead, without a word, if it is of the same version or newer. If the file that the variable names is newer, the process ends before Main.
# Published as a single file, the app is ended by an older file as well. So a hook that an app may also bring (in a package) needs another name there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir hook app
cat > hook/Hook.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>
XML
cat > hook/hook.cs <<'CS'
static class StartupHook
{
    public static void Initialize() => System.Console.WriteLine($"hook {typeof(StartupHook).Assembly.GetName().Version!.ToString(2)}");
}
CS
cat > app/App.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
    <SelfContained>true</SelfContained>
    <RuntimeFrameworkVersion>10.0.12</RuntimeFrameworkVersion>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
  <ItemGroup><Reference Include="Hook" HintPath="../2.0/Hook.dll" /></ItemGroup>
</Project>
XML
echo 'System.Console.WriteLine("main");' > app/app.cs
quietly() { "$@" > build.log 2>&1 || { cat build.log; exit 1; }; }
for version in 1.0 2.0 3.0; do
    quietly dotnet build hook --nologo -p:Version=$version.0 -p:IntermediateOutputPath="$folder/obj-$version/" -o "$version"
done
quietly dotnet publish app --nologo -o folder
quietly dotnet publish app --nologo -p:PublishSingleFile=true -o single
run() { # how it was published, version of the hook
    local said
    said=$(DOTNET_STARTUP_HOOKS="$folder/$2/Hook.dll" "$1/App" 2>&1) && true || true
    case $said in
        "hook 2.0"$'\n'main) echo "$1 with 2.0 inside, $2 named: 2.0 runs" ;;
        *"Unhandled exception"*"failed to load"*) echo "$1 with 2.0 inside, $2 named: ended before Main" ;;
        *) echo "$1 with 2.0 inside, $2 named: $said" ;;
    esac
}
seen=$(for how in folder single; do for version in 1.0 2.0 3.0; do run $how $version; done; done)
echo "$seen"
[ "$seen" = 'folder with 2.0 inside, 1.0 named: 2.0 runs
folder with 2.0 inside, 2.0 named: 2.0 runs
folder with 2.0 inside, 3.0 named: ended before Main
single with 2.0 inside, 1.0 named: ended before Main
single with 2.0 inside, 2.0 named: 2.0 runs
single with 2.0 inside, 3.0 named: ended before Main' ]

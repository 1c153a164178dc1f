# Forwards to the build program. `./build.ps1 help` lists the targets.
Set-Location $PSScriptRoot
dotnet run --file build/build.cs -- @args
exit $LASTEXITCODE

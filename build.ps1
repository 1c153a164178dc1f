# Forwards to the build program. `./build.ps1 help` lists the targets.
Set-Location $PSScriptRoot
if (-not (Get-Command dotnet -ErrorAction Ignore)) {
    [Console]::Error.WriteLine('dotnet is not on the PATH: install the .NET 10 SDK.')
    exit 1
}
dotnet run --file build/build.cs -- @args
exit $LASTEXITCODE

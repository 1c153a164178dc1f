using System.Diagnostics;

namespace Agent.Torture;

/// <summary>
/// Runs the program once more, as a child: a wrong method body may end a process or hang it, and then somebody else must say where it was.
/// </summary>
static class ChildProcess
{
    /// <summary>Taking all patches out is one request, of a minute and a half on a busy machine of two cores.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <returns>The child's exit code, or 1 if it crashed or hung.</returns>
    public static async Task<int> Run(string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, .. args, "--in-process"]) { RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        var last = "it started";
        try
        {
            while (await child.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
            {
                Console.WriteLine(line);
                last = line;
            }
        }
        catch (TimeoutException)
        {
            child.Kill();
            await child.WaitForExitAsync();
            Console.WriteLine($"FAILED: it said nothing for {Patience.TotalMinutes} min and was ended. Its last line: {last}");
            return 1;
        }
        await child.WaitForExitAsync();
        if (child.ExitCode is 0 or 1 or 2)
            return child.ExitCode;
        Console.WriteLine($"FAILED: the process ended with exit code {child.ExitCode}. Its last line: {last}");
        return 1;
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Agent.CommandLine;

/// <summary>A program that runs below this one, with its streams and its terminal: where it cannot take its place.</summary>
static partial class ChildProgram
{
    const int User1 = 10, User2 = 12; // SIGUSR1, SIGUSR2 on Linux

    /// <param name="path">The program's file.</param>
    /// <param name="words">Its command line, its name first.</param>
    /// <param name="changes">The variables to set.</param>
    /// <returns>Its exit code; 128 and the signal's number if a signal has ended it, as shells have it.</returns>
    public static int Run(string path, string[] words, List<Variable> changes)
    {
        var start = new ProcessStartInfo(path, words[1..]) { UseShellExecute = false };
        foreach (var (name, value) in changes)
            start.Environment[name] = value;
        Process? program = null;
        var signals = new List<PosixSignalRegistration>();
        try
        {
            // Before it starts: a signal that comes then is for it, too.
            foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, .. OperatingSystem.IsLinux() ? (PosixSignal[])[(PosixSignal)User1, (PosixSignal)User2] : []])
                signals.Add(PosixSignalRegistration.Create(signal, HandOn));
            program = Process.Start(start)!;
            program.WaitForExit();
            return program.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return Say.Wrong($"{words[0]} cannot be started: {e.Message}");
        }
        finally
        {
            signals.ForEach(static registration => registration.Dispose());
            program?.Dispose();
        }

        void HandOn(PosixSignalContext context)
        {
            context.Cancel = true;
            // What is typed in a terminal goes to every program in its foreground, to that one as well.
            var isTyped = context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT && IsInForeground();
            if (!isTyped && program is { HasExited: false } && !OperatingSystem.IsWindows())
                _ = Kill(program.Id, Number(context.Signal));
        }
    }

    static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => (int)signal,
    };

    static bool IsInForeground() => !OperatingSystem.IsWindows() && ForegroundGroup(0) is var group && group > 0 && group == OwnGroup();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int ForegroundGroup(int terminal);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int OwnGroup();
}

using System.Buffers.Binary;
using System.Text;
using Agent.Entry;

namespace Agent.CommandLine;

/// <summary>
/// Asks the agent in a process that runs for something: leaves a request in a variable of that process, has its runtime run the hook, and finds an answer in the variable's place. An
/// exception in a hook ends its process, and so does a hook that cannot be loaded; so everything is looked at before.
/// </summary>
/// <param name="process">The process.</param>
/// <param name="port">Its diagnostics port.</param>
sealed class LateHook(DotnetProcess process, DiagnosticsPort port)
{
    const byte ProfilerSet = 3, AttachProfiler = 1, ProcessSet = DiagnosticsPort.ProcessSet, SetVariable = 3, GetInfo2 = 4, ApplyStartupHook = 7;

    /// <summary>CORPROF_E_PROFILER_ALREADY_ACTIVE.</summary>
    const int OtherProfiler = unchecked((int)0x8013136A);

    /// <summary>Of native/rejit.c.</summary>
    static readonly byte[] ClassId = [0x41, 0x47, 0x4e, 0x54, 0x52, 0x4a, 0x49, 0x54, 0x9a, 0x6b, 0x02, 0x26, 0x11, 0x23, 0x5e, 0x01];

    static readonly TimeSpan Moment = TimeSpan.FromSeconds(5), Longest = TimeSpan.FromSeconds(30);

    /// <summary>What the runtime says of its process: the processor («x64»), the name of the app's assembly, its own version.</summary>
    public (string Architecture, string App, Version Runtime) Info()
    {
        var answer = port.Send(ProcessSet, GetInfo2, [], Moment);
        var at = 8 + 16; // the id, a cookie
        _ = DiagnosticsPort.TakeText(answer, ref at); // the command line
        _ = DiagnosticsPort.TakeText(answer, ref at); // the system
        var (architecture, app, version) = (DiagnosticsPort.TakeText(answer, ref at), DiagnosticsPort.TakeText(answer, ref at), DiagnosticsPort.TakeText(answer, ref at));
        var number = string.Concat(version.TakeWhile(static character => char.IsAsciiDigit(character) || character == '.')); // 11.0.0-preview.1+…
        return (architecture, app, Version.TryParse(number, out var runtime) ? runtime : new Version(0, 0));
    }

    /// <summary>Makes the patch engine the runtime's profiler, if it is not already.</summary>
    /// <returns>Null, or why not, as a sentence.</returns>
    public string? AttachEngine(string library)
    {
        if (process.Files is { } files ? files.Any(NativePart.Is) : process.HasAgent)
            return null;
        try
        {
            port.Send(ProfilerSet, AttachProfiler, Payload(writer =>
            {
                writer.Write((uint)Moment.TotalMilliseconds);
                writer.Write(ClassId);
                DiagnosticsPort.WriteText(writer, library);
                writer.Write(0);
            }), Longest);
            return null;
        }
        catch (DiagnosticsException e) when (e.Code != 0)
        {
            return e.Code == OtherProfiler ? "another profiler is attached to it, and the runtime has room for one" : $"its runtime does not attach {library} (0x{e.Code:X8})";
        }
    }

    /// <summary>Asks.</summary>
    /// <param name="hook">The hook's path in the process's own file system, where it must be.</param>
    /// <param name="request">What is asked for.</param>
    /// <returns>The answer's first word, and the sentence that follows it; null if there is none.</returns>
    public (string Word, string Sentence)? Ask(string hook, LateRequest request)
    {
        var text = request.ToString();
        Set(text);
        port.Send(ProcessSet, ApplyStartupHook, Payload(writer => DiagnosticsPort.WriteText(writer, hook)), Longest);
        var answer = Variable();
        Set(""); // takes it away
        if (answer is null || answer == text)
            return null;
        var words = answer.Split(' ', 2);
        return (words[0], words.Length > 1 ? words[1] : "");
    }

    void Set(string value) => port.Send(ProcessSet, SetVariable, Payload(writer =>
    {
        DiagnosticsPort.WriteText(writer, LateRequest.Variable);
        DiagnosticsPort.WriteText(writer, value);
    }), Moment);

    string? Variable() => port.Environment(Moment).GetValueOrDefault(LateRequest.Variable);

    static byte[] Payload(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, Encoding.Unicode, leaveOpen: true))
            write(writer);
        return bytes.ToArray();
    }

}

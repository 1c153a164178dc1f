namespace HarmonyLib;

/// <summary>A patch cannot be installed. Nothing was changed; the message names the method and the reason.</summary>
public class HarmonyException : Exception
{
    readonly IReadOnlyList<CodeInstruction>? _instructions;
    readonly int _errorIndex = -1;

    /// <summary>An exception without a message; only serializers want it.</summary>
    public HarmonyException() { }

    /// <param name="message">Which method, and why not.</param>
    public HarmonyException(string message) : base(message) { }

    /// <param name="message">Which method, and why not.</param>
    /// <param name="innerException">What went wrong underneath.</param>
    public HarmonyException(string message, Exception? innerException) : base(message, innerException) { }

    /// <summary>An instruction that a transpiler returned cannot be written.</summary>
    internal HarmonyException(IReadOnlyList<CodeInstruction> instructions, int errorIndex, Exception innerException)
        : base($"IL Compile Error: instruction {errorIndex}, {instructions[errorIndex]}: {innerException.Message}", innerException) => (_instructions, _errorIndex) = (instructions, errorIndex);

    /// <summary>A method is refused; whoever says so of the method itself wants the reason alone.</summary>
    internal static HarmonyException Refusal(System.Reflection.MethodBase method, string reason, Exception? cause = null) =>
        new($"{MethodName.Of(method)} cannot be patched: {reason}", cause) { Reason = reason };

    /// <summary>Why, without the method.</summary>
    internal string Reason { get => field ?? Message; init; }

    HarmonyException? WithInstructions => _instructions is not null ? this : (InnerException as HarmonyException)?.WithInstructions;

    /// <summary>The instructions of transpilers that could not be written, in order, each with its offset; empty if the failure is another one.</summary>
    public List<KeyValuePair<int, CodeInstruction>> GetInstructionsWithOffsets()
    {
        var all = new List<KeyValuePair<int, CodeInstruction>>();
        var offset = 0;
        foreach (var instruction in WithInstructions?._instructions ?? [])
        {
            all.Add(new(offset, instruction));
            offset += instruction is null ? 0 : Transpiling.InstructionWriter.Size(instruction);
        }
        return all;
    }

    /// <summary>The instructions of transpilers that could not be written, in order; empty if the failure is another one.</summary>
    public List<CodeInstruction> GetInstructions() => [.. WithInstructions?._instructions ?? []];

    /// <summary>Where the instruction lies that could not be written, in bytes; -1 if the failure is another one.</summary>
    public int GetErrorOffset() => GetErrorIndex() is >= 0 and var index ? GetInstructionsWithOffsets()[index].Key : -1;

    /// <summary>Which of <see cref="GetInstructions"/> could not be written; -1 if the failure is another one.</summary>
    public int GetErrorIndex() => WithInstructions?._errorIndex ?? -1;
}

using System.Reflection;
using System.Reflection.Emit;

namespace HarmonyLib;

/// <summary>A place in instructions, to look for others from, and to change them (harmony.pardeike.net, «CodeMatcher»).</summary>
public class CodeMatcher
{
    /// <summary>Is told of an error; true if it is dealt with.</summary>
    public delegate bool ErrorHandler(CodeMatcher matcher, string error);

    readonly ILGenerator? _generator;
    readonly List<CodeInstruction> _codes = [];
    Dictionary<string, CodeInstruction> _named = [];
    Func<CodeMatcher>? _matchAgain;
    string? _lastError;
    ErrorHandler? _errorHandler;

    /// <summary>The place: -1 before the first instruction.</summary>
    public int Pos { get; private set; } = -1;

    /// <summary>Over nothing.</summary>
    public CodeMatcher()
    {
    }

    /// <param name="instructions">Copies of these, with labels and blocks.</param>
    /// <param name="generator">Where labels and local variables come from.</param>
    public CodeMatcher(IEnumerable<CodeInstruction> instructions, ILGenerator? generator = null)
    {
        _generator = generator;
        _codes = [.. instructions.Select(static instruction => new CodeInstruction(instruction))];
    }

    /// <summary>A copy at the same place.</summary>
    public CodeMatcher Clone() => new(_codes, _generator) { Pos = Pos, _named = _named, _matchAgain = null, _lastError = _lastError, _errorHandler = _errorHandler };

    /// <summary>To the first instruction, or before it; what was found and what went wrong is forgotten.</summary>
    public CodeMatcher Reset(bool atFirstInstruction = true)
    {
        Pos = atFirstInstruction ? 0 : -1;
        (_named, _matchAgain, _lastError) = ([], null, null);
        return this;
    }

    /// <summary>How many instructions there are.</summary>
    public int Length => _codes.Count;

    /// <summary>Whether the place is one of them.</summary>
    public bool IsValid => Pos >= 0 && Pos < Length;

    /// <summary>Whether it is none.</summary>
    public bool IsInvalid => !IsValid;

    /// <summary>How many there are from the place on.</summary>
    public int Remaining => Length - Math.Max(0, Pos);

    /// <summary>What the instruction at the place does.</summary>
    public ref OpCode Opcode => ref _codes[Pos].opcode;

    /// <summary>With what.</summary>
    public ref object? Operand => ref _codes[Pos].operand;

    /// <summary>Its labels.</summary>
    public ref List<Label> Labels => ref _codes[Pos].labels;

    /// <summary>Its parts of try blocks.</summary>
    public ref List<ExceptionBlock> Blocks => ref _codes[Pos].blocks;

    /// <summary>The instruction at the place.</summary>
    public CodeInstruction Instruction => _codes[Pos];

    /// <summary>The instruction so far from the place.</summary>
    public CodeInstruction InstructionAt(int offset) => _codes[Pos + offset];

    /// <summary>All of them.</summary>
    public List<CodeInstruction> Instructions() => _codes;

    /// <summary>All of them.</summary>
    public IEnumerable<CodeInstruction> InstructionEnumeration() => _codes.AsEnumerable();

    /// <summary>Copies of so many from the place on.</summary>
    public List<CodeInstruction> Instructions(int count) => [.. _codes.GetRange(Pos, count).Select(static instruction => new CodeInstruction(instruction))];

    /// <summary>Copies of those between two places.</summary>
    public List<CodeInstruction> InstructionsInRange(int start, int end)
    {
        (start, end) = (Math.Min(start, end), Math.Max(start, end));
        return [.. _codes.GetRange(start, end - start + 1).Select(static instruction => new CodeInstruction(instruction))];
    }

    /// <summary>Copies of those between two offsets from the place.</summary>
    public List<CodeInstruction> InstructionsWithOffsets(int startOffset, int endOffset) => InstructionsInRange(Pos + startOffset, Pos + endOffset);

    /// <summary>The labels at some instructions.</summary>
    public List<Label> DistinctLabels(IEnumerable<CodeInstruction> instructions) => [.. instructions.SelectMany(static instruction => instruction.labels).Distinct()];

    /// <summary>Says what went wrong, if something did.</summary>
    public bool ReportFailure(MethodBase method, Action<string> logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        if (IsValid)
            return false;
        logger($"{_lastError ?? "Unexpected code"} in {method?.FullDescription()}");
        return true;
    }

    /// <summary>Goes on only at a valid place.</summary>
    /// <exception cref="InvalidOperationException">It is none.</exception>
    public CodeMatcher ThrowIfInvalid(string explanation) => IsValid ? this : throw Failure(explanation);

    /// <summary>Goes on only if there is a match at the place.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public CodeMatcher ThrowIfNotMatch(string explanation, params CodeMatch[] matches)
    {
        ThrowIfInvalid(explanation);
        return IsMatch(Pos, matches, []) ? this : throw Failure(explanation);
    }

    /// <summary>Goes on only if there is a match from the place on; stays there.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public CodeMatcher ThrowIfNotMatchForward(string explanation, params CodeMatch[] matches)
    {
        ThrowIfInvalid(explanation);
        return Find(matches, 1, atEnd: false) >= 0 ? this : throw Failure(explanation);
    }

    /// <summary>Goes on only if there is a match from the place back; stays there.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public CodeMatcher ThrowIfNotMatchBack(string explanation, params CodeMatch[] matches)
    {
        ThrowIfInvalid(explanation);
        return Find(matches, -1, atEnd: false) >= 0 ? this : throw Failure(explanation);
    }

    /// <summary>Goes on only if something is true.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public CodeMatcher ThrowIfFalse(string explanation, Func<CodeMatcher, bool> stateCheckFunc)
    {
        ArgumentNullException.ThrowIfNull(stateCheckFunc);
        ThrowIfInvalid(explanation);
        return stateCheckFunc(this) ? this : throw Failure(explanation);
    }

    InvalidOperationException Failure(string explanation) => new(_lastError is null ? explanation : $"{explanation} - Current state is invalid: {_lastError}");

    /// <summary>Does something in between.</summary>
    public CodeMatcher Do(Action<CodeMatcher> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        action(this);
        return this;
    }

    /// <summary>Who is told of errors instead of exceptions.</summary>
    public CodeMatcher OnError(ErrorHandler errorHandler)
    {
        _errorHandler = errorHandler;
        return this;
    }

    /// <summary>What an error is, said to the handler or thrown.</summary>
    CodeMatcher Error(string error)
    {
        _lastError = error;
        return _errorHandler?.Invoke(this, error) == true ? this : throw new InvalidOperationException(error);
    }

    CodeMatcher Change(Action change, bool atEnd = false)
    {
        if (IsInvalid && !(atEnd && Pos == Length))
            return Error($"Cannot change instructions at invalid position {Pos}");
        change();
        return this;
    }

    /// <summary>Another instruction at the place.</summary>
    public CodeMatcher SetInstruction(CodeInstruction instruction) => Change(() => _codes[Pos] = instruction);

    /// <summary>Another instruction at the place, and on.</summary>
    public CodeMatcher SetInstructionAndAdvance(CodeInstruction instruction) => SetInstruction(instruction).Advance();

    /// <summary>Another opcode and operand at the place.</summary>
    public CodeMatcher Set(OpCode opcode, object? operand) => Change(() => (Opcode, Operand) = (opcode, operand));

    /// <summary>Another opcode and operand at the place, and on.</summary>
    public CodeMatcher SetAndAdvance(OpCode opcode, object? operand) => Set(opcode, operand).Advance();

    /// <summary>Another opcode at the place, and on.</summary>
    public CodeMatcher SetOpcodeAndAdvance(OpCode opcode) => Change(() => Opcode = opcode).Advance();

    /// <summary>Another operand at the place, and on.</summary>
    public CodeMatcher SetOperandAndAdvance(object? operand) => Change(() => Operand = operand).Advance();

    ILGenerator Generator => _generator ?? throw new ArgumentException("the generator must be provided to use this method");

    /// <summary>A new local variable.</summary>
    public CodeMatcher DeclareLocal(Type variableType, out LocalBuilder localVariable)
    {
        localVariable = Generator.DeclareLocal(variableType);
        return this;
    }

    /// <summary>A new label, which stands nowhere yet.</summary>
    public CodeMatcher DefineLabel(out Label label)
    {
        label = Generator.DefineLabel();
        return this;
    }

    /// <summary>A new label at the place.</summary>
    public CodeMatcher CreateLabel(out Label label) => CreateLabelAt(Pos, out label);

    /// <summary>A new label at an instruction.</summary>
    public CodeMatcher CreateLabelAt(int position, out Label label)
    {
        label = Generator.DefineLabel();
        return AddLabelsAt(position, [label]);
    }

    /// <summary>A new label so far from the place.</summary>
    public CodeMatcher CreateLabelWithOffsets(int offset, out Label label) => CreateLabelAt(Pos + offset, out label);

    /// <summary>Labels at the place.</summary>
    public CodeMatcher AddLabels(IEnumerable<Label> labels) => AddLabelsAt(Pos, labels);

    /// <summary>Labels at an instruction.</summary>
    public CodeMatcher AddLabelsAt(int position, IEnumerable<Label> labels)
    {
        if (position < 0 || position >= Length)
            return Error($"Cannot add labels at invalid position {position}");
        _codes[position].labels.AddRange(labels);
        return this;
    }

    /// <summary>A jump at the place to another instruction.</summary>
    public CodeMatcher SetJumpTo(OpCode opcode, int destination, out Label label)
    {
        CreateLabelAt(destination, out label);
        return Set(opcode, label);
    }

    /// <summary>Inserts instructions before the place.</summary>
    public CodeMatcher Insert(params CodeInstruction[] instructions) => Insert(instructions.AsEnumerable());

    /// <summary>Inserts instructions before the place.</summary>
    public CodeMatcher Insert(IEnumerable<CodeInstruction> instructions) => Change(() => _codes.InsertRange(Pos, instructions), atEnd: true);

    /// <summary>Inserts a jump before the place.</summary>
    public CodeMatcher InsertBranch(OpCode opcode, int destination)
    {
        CreateLabelAt(destination, out var label);
        return Insert(new CodeInstruction(opcode, label));
    }

    /// <summary>Inserts instructions before the place, and on behind them.</summary>
    public CodeMatcher InsertAndAdvance(params CodeInstruction[] instructions) => InsertAndAdvance(instructions.AsEnumerable());

    /// <summary>Inserts instructions before the place, and on behind them.</summary>
    public CodeMatcher InsertAndAdvance(IEnumerable<CodeInstruction> instructions)
    {
        foreach (var instruction in instructions)
        {
            Insert(instruction);
            Pos++;
        }
        return this;
    }

    /// <summary>Inserts a jump before the place, and on behind it.</summary>
    public CodeMatcher InsertBranchAndAdvance(OpCode opcode, int destination)
    {
        InsertBranch(opcode, destination);
        Pos++;
        return this;
    }

    /// <summary>Inserts instructions behind the place.</summary>
    public CodeMatcher InsertAfter(params CodeInstruction[] instructions) => InsertAfter(instructions.AsEnumerable());

    /// <summary>Inserts instructions behind the place.</summary>
    public CodeMatcher InsertAfter(IEnumerable<CodeInstruction> instructions) => Change(() => _codes.InsertRange(Pos + 1, instructions));

    /// <summary>Inserts a jump behind the place.</summary>
    public CodeMatcher InsertBranchAfter(OpCode opcode, int destination)
    {
        CreateLabelAt(destination, out var label);
        return InsertAfter(new CodeInstruction(opcode, label));
    }

    /// <summary>Inserts instructions behind the place, and on to the last of them.</summary>
    public CodeMatcher InsertAfterAndAdvance(params CodeInstruction[] instructions) => InsertAfterAndAdvance(instructions.AsEnumerable());

    /// <summary>Inserts instructions behind the place, and on to the last of them.</summary>
    public CodeMatcher InsertAfterAndAdvance(IEnumerable<CodeInstruction> instructions)
    {
        foreach (var instruction in instructions)
        {
            InsertAfter(instruction);
            Pos++;
        }
        return this;
    }

    /// <summary>Inserts a jump behind the place, and on to it.</summary>
    public CodeMatcher InsertBranchAfterAndAdvance(OpCode opcode, int destination)
    {
        InsertBranchAfter(opcode, destination);
        Pos++;
        return this;
    }

    /// <summary>Removes the instruction at the place.</summary>
    public CodeMatcher RemoveInstruction() => RemoveInstructions(1);

    /// <summary>Removes so many from the place on.</summary>
    public CodeMatcher RemoveInstructions(int count) => Change(() => _codes.RemoveRange(Pos, count));

    /// <summary>Removes those between two places; the place is the first of them.</summary>
    public CodeMatcher RemoveInstructionsInRange(int start, int end)
    {
        (start, end) = (Math.Min(start, end), Math.Max(start, end));
        _codes.RemoveRange(start, end - start + 1);
        return this;
    }

    /// <summary>Removes those between two offsets from the place.</summary>
    public CodeMatcher RemoveInstructionsWithOffsets(int startOffset, int endOffset) => RemoveInstructionsInRange(Pos + startOffset, Pos + endOffset);

    /// <summary>To another place.</summary>
    public CodeMatcher Advance(int offset = 1)
    {
        Pos += offset;
        if (IsInvalid)
            Pos = Pos < 0 ? -1 : Length;
        return this;
    }

    /// <summary>To the first instruction.</summary>
    public CodeMatcher Start()
    {
        Pos = 0;
        return this;
    }

    /// <summary>To the last instruction.</summary>
    public CodeMatcher End()
    {
        Pos = Length - 1;
        return this;
    }

    /// <summary>To the next instruction that fits, the one at the place among them.</summary>
    public CodeMatcher SearchForward(Func<CodeInstruction, bool> predicate) => Search(predicate, 1);

    /// <summary>To the last instruction that fits, the one at the place among them.</summary>
    public CodeMatcher SearchBackwards(Func<CodeInstruction, bool> predicate) => Search(predicate, -1);

    CodeMatcher Search(Func<CodeInstruction, bool> predicate, int direction)
    {
        Pos = Math.Max(Pos, direction > 0 ? 0 : -1);
        while (IsValid && !predicate(Instruction))
            Pos += direction;
        _lastError = IsInvalid ? $"Cannot find {predicate}" : null;
        return this;
    }

    /// <summary>To the beginning of the next match.</summary>
    public CodeMatcher MatchStartForward(params CodeMatch[] matches) => Match(matches, 1, atEnd: false, isPrepared: false);

    /// <summary>The same for <see cref="Repeat"/>, from here on.</summary>
    public CodeMatcher PrepareMatchStartForward(params CodeMatch[] matches) => Match(matches, 1, atEnd: false, isPrepared: true);

    /// <summary>To the end of the next match.</summary>
    public CodeMatcher MatchEndForward(params CodeMatch[] matches) => Match(matches, 1, atEnd: true, isPrepared: false);

    /// <summary>The same for <see cref="Repeat"/>, from here on.</summary>
    public CodeMatcher PrepareMatchEndForward(params CodeMatch[] matches) => Match(matches, 1, atEnd: true, isPrepared: true);

    /// <summary>To the beginning of the last match before.</summary>
    public CodeMatcher MatchStartBackwards(params CodeMatch[] matches) => Match(matches, -1, atEnd: false, isPrepared: false);

    /// <summary>The same for <see cref="Repeat"/>, from here on.</summary>
    public CodeMatcher PrepareMatchStartBackwards(params CodeMatch[] matches) => Match(matches, -1, atEnd: false, isPrepared: true);

    /// <summary>To the end of the last match before.</summary>
    public CodeMatcher MatchEndBackwards(params CodeMatch[] matches) => Match(matches, -1, atEnd: true, isPrepared: false);

    /// <summary>The same for <see cref="Repeat"/>, from here on.</summary>
    public CodeMatcher PrepareMatchEndBackwards(params CodeMatch[] matches) => Match(matches, -1, atEnd: true, isPrepared: true);

    CodeMatcher Match(CodeMatch[] matches, int direction, bool atEnd, bool isPrepared)
    {
        _matchAgain = () =>
        {
            var found = Find(matches, direction, atEnd);
            _lastError = found >= 0 ? null : $"Cannot find {matches.Join()}";
            Pos = found >= 0 ? found : direction > 0 ? Length : -1;
            return this;
        };
        return isPrepared ? this : _matchAgain();
    }

    /// <returns>Where; -1 for nowhere.</returns>
    int Find(CodeMatch[] matches, int direction, bool atEnd)
    {
        for (var at = Math.Max(Pos, 0); at >= 0 && at < Length; at += direction)
        {
            var named = new Dictionary<string, CodeInstruction>();
            if (!IsMatch(at, matches, named))
                continue;
            _named = named;
            return atEnd ? at + matches.Length - 1 : at;
        }
        return -1;
    }

    bool IsMatch(int start, CodeMatch[] matches, Dictionary<string, CodeInstruction> named)
    {
        if (start < 0 || start + matches.Length > Length)
            return false;
        for (var i = 0; i < matches.Length; i++)
        {
            if (!matches[i].Matches(_codes, _codes[start + i]))
                return false;
            if (matches[i].name is { } name)
                named[name] = _codes[start + i];
        }
        return true;
    }

    /// <summary>Removes from the place up to the next instruction that fits, which stays.</summary>
    public CodeMatcher RemoveSearchForward(Func<CodeInstruction, bool> predicate)
    {
        var start = Pos;
        Search(predicate, 1);
        return RemoveBetween(start, Pos, Pos);
    }

    /// <summary>Removes from the place back to the last instruction that fits, which stays.</summary>
    public CodeMatcher RemoveSearchBackward(Func<CodeInstruction, bool> predicate)
    {
        var start = Pos;
        Search(predicate, -1);
        return IsInvalid ? this : RemoveBetween(Pos + 1, start + 1, start);
    }

    /// <summary>Removes from the place up to the next match, which stays.</summary>
    public CodeMatcher RemoveUntilForward(params CodeMatch[] matches)
    {
        var start = Pos;
        MatchStartForward(matches);
        return RemoveBetween(start, Pos, Pos);
    }

    /// <summary>Removes from the place back to the last match, which stays.</summary>
    public CodeMatcher RemoveUntilBackward(params CodeMatch[] matches)
    {
        var start = Pos;
        MatchEndBackwards(matches);
        return IsInvalid ? this : RemoveBetween(Pos + 1, start + 1, start);
    }

    CodeMatcher RemoveBetween(int start, int end, int found)
    {
        if (found >= Length)
            return this; // nothing was found, and nothing is removed
        _codes.RemoveRange(start, Math.Max(0, end - start));
        Pos = start < Pos ? start : Pos;
        return this;
    }

    /// <summary>Does something at each match, beginning with the present one.</summary>
    /// <exception cref="InvalidOperationException">Nothing was matched before.</exception>
    public CodeMatcher Repeat(Action<CodeMatcher> matchAction, Action<string>? notFoundAction = null)
    {
        ArgumentNullException.ThrowIfNull(matchAction);
        if (_matchAgain is not { } again)
            return Error("No previous Match operation - cannot repeat");
        var count = 0;
        for (; IsValid; count++)
        {
            matchAction(this);
            again();
        }
        if (count == 0)
            notFoundAction?.Invoke(_lastError ?? "Nothing matches");
        _matchAgain = null;
        return this;
    }

    /// <summary>The instruction that a named match has found.</summary>
    public CodeInstruction NamedMatch(string name) => _named[name];
}

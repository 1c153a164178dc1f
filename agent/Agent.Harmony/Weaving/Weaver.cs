using HarmonyLib.Rejit;

namespace HarmonyLib.Weaving;

/// <summary>
/// Writes the new body of a patched method:
/// <code>
/// try { prefixes; original, each `ret` → result = …; postfixes; finalizers(null) } catch (object e) { finalizers(e); rethrow, throw another, or swallow }
/// throw what a finalizer has returned
/// return result
/// </code>
/// The try block is there only if there are finalizers; what one of them throws after a success, they all see, as in HarmonyLib.
/// Nothing in it refers to our assemblies: patches are called through their addresses (<see cref="PatchCall"/>).
/// </summary>
sealed class Weaver
{
    static readonly byte[] AsExceptionSignature = [0x00, 1, Element.Object, Element.Object];

    const byte Br = 0x38, BrFalse = 0x39, BrTrue = 0x3A, Beq = 0x3B, Leave = 0xDD, Throw = 0x7A, Ret = 0x2A, LoadNull = 0x14, LoadInt1 = 0x17, LoadInt0 = 0x16;

    readonly Frame _frame;
    readonly BodyBuilder _body;
    readonly IlWriter _il;
    readonly List<Patch> _prefixes, _postfixes, _finalizers;
    readonly bool _maySkip, _mayReplace;

    Weaver(Frame frame, IReadOnlyList<Patch> patches)
    {
        _frame = frame;
        _body = frame.Body;
        _il = _body.Il;
        _prefixes = Ordered(patches, PatchKind.Prefix);
        _postfixes = Ordered(patches, PatchKind.Postfix);
        _finalizers = Ordered(patches, PatchKind.Finalizer);
        _maySkip = _prefixes.Exists(ReturnsSomething);
        _mayReplace = _finalizers.Exists(ReturnsSomething);
    }

    static List<Patch> Ordered(IReadOnlyList<Patch> patches, PatchKind kind)
    {
        var ofKind = new List<Patch>();
        foreach (var patch in patches)
        {
            if (patch.Kind == kind)
                ofKind.Add(patch);
        }
        return PatchOrder.Sort(ofKind);
    }

    static bool ReturnsSomething(Patch patch) => patch.Called.ReturnType != typeof(void);

    /// <exception cref="HarmonyException">The method or a patch has something that is not supported; nothing was changed.</exception>
    public static unsafe WovenBody Weave(System.Reflection.MethodBase original, in MethodDescription description, IReadOnlyList<Patch> patches)
    {
        // Reflection reads signatures where they lie; the profiling interface would copy the module's metadata first.
        var body = new OriginalBody(new ReadOnlySpan<byte>(description.Body, description.BodySize));
        var types = SignatureReader.Method(original.Module.ResolveSignature(original.MetadataToken));
        if (PatchTable.CopyFor(original) is not 0 and var copy)
            body = new OriginalBody(Transpiling.CopyCall.Of(types, original, copy));
        List<Patch>? transpilers = null;
        foreach (var patch in patches)
        {
            if (patch.Kind == PatchKind.Transpiler)
                (transpilers ??= []).Add(patch);
        }
        if (transpilers is not null)
            body = new OriginalBody(Transpiling.Transpiler.Weave(original, body, transpilers));
        var (count, locals) = body.Transpiled is { } made ? (made.LocalCount, made.Locals) : SignatureReader.Locals(body.LocalsToken == 0 ? [] : original.Module.ResolveSignature(body.LocalsToken));
        Frame NewFrame() => new(original, types, new BodyBuilder(count, locals));
        return (body.Transpiled is null ? PrefixedBody.Weave(NewFrame(), body, patches) : null) ?? new Weaver(NewFrame(), patches).Weave(body, patches);
    }

    WovenBody Weave(OriginalBody original, IReadOnlyList<Patch> patches)
    {
        foreach (var patch in patches)
            _frame.Declare(patch);
        InitializeResult(patches);
        _il.Op(LoadInt1);
        _il.StoreLocal(_frame.RunOriginal);

        var start = _il.Position;
        foreach (var prefix in _prefixes)
            WritePrefix(prefix);
        _frame.CopyInstance();
        WriteOriginal(original);
        foreach (var postfix in _postfixes)
        {
            if (!postfix.IsPassThrough)
                new PatchCall(_frame, postfix).Write();
        }
        foreach (var postfix in _postfixes)
        {
            if (postfix.IsPassThrough)
                new PatchCall(_frame, postfix).Write();
        }
        var end = _il.NewLabel();
        if (_finalizers.Count > 0)
        {
            var completed = _il.NewLabel();
            WriteNotCaught();
            _il.Branch(Leave, completed);
            var handler = _il.Position;
            WriteCaught(end);
            _body.AddCatch(start, handler);
            _il.Mark(completed);
            WriteThrow();
        }
        _il.Mark(end);
        WriteReturn();
        return _body.Build(original);
    }

    /// <summary>A patch sees the type's default value before the original has a result, also where the original's own variables are not cleared.</summary>
    void InitializeResult(IReadOnlyList<Patch> patches)
    {
        var isSeen = _maySkip || _mayReplace || patches.Any(static patch => patch.IsPassThrough || patch.AsksFor("__result"));
        if (_frame.Result < 0 || !isSeen)
            return;
        if (_frame.Types.Result.IsByRef)
        {
            _il.Op(LoadInt0);
            _il.Op(0xE0); // conv.u: a reference to nothing
            _il.StoreLocal(_frame.Result);
            if (patches.Any(static patch => patch.AsksFor("__result")))
                WriteMissingReference();
            return;
        }
        _il.LoadLocalAddress(_frame.Result);
        _il.InitializeObject(_frame.Types.Result.Element);
    }

    /// <summary>After one has decided to skip the original, those that could have an effect on it are skipped too, as in HarmonyLib.</summary>
    void WritePrefix(Patch prefix)
    {
        var skipped = _il.NewLabel();
        if (_maySkip && MayAffectOriginal(prefix))
        {
            _il.LoadLocal(_frame.RunOriginal);
            _il.Branch(BrFalse, skipped);
        }
        new PatchCall(_frame, prefix).Write();
        _il.Mark(skipped);
    }

    static bool MayAffectOriginal(Patch prefix) => ReturnsSomething(prefix) || Array.Exists(prefix.Injections, static injection =>
        injection.Name is not ("__instance" or "__originalMethod" or "__state") && (injection.Parameter.ParameterType.IsByRef || !injection.Parameter.ParameterType.IsValueType));

    void WriteOriginal(OriginalBody original)
    {
        var end = _il.NewLabel();
        if (_maySkip)
        {
            _il.LoadLocal(_frame.RunOriginal);
            _il.Branch(BrFalse, end);
        }
        var moved = OriginalCode.CopyTo(_il, original.Code, _frame.Result, end);
        for (var i = 0; i < original.Clauses.Count; i++)
            _body.AddMoved(original.Clauses[i], moved, original.Transpiled?.CatchTypes.Find(use => use.At == i)?.Signature);
        if (original.Transpiled is { } made)
        {
            foreach (var use in made.Tokens)
                _il.Moved(use, Moved(moved, use.At));
        }
        _il.Mark(end);
    }

    /// <summary>A token lies behind one or two bytes of its instruction, which were copied as they are.</summary>
    static int Moved(int[] moved, int at) => moved[at - 1] >= 0 ? moved[at - 1] + 1 : OriginalCode.Moved(moved, at - 2) + 2;

    /// <summary>The handler around everything: on its stack lies the exception.</summary>
    void WriteCaught(int end)
    {
        _il.CallIndirect(Guard.AsExceptionAddress, AsExceptionSignature);
        _il.StoreLocal(_frame.Exception);
        var original = -1;
        if (_mayReplace)
        {
            original = _body.AddLocal([Element.Object]);
            _il.LoadLocal(_frame.Exception);
            _il.StoreLocal(original);
        }
        foreach (var finalizer in _finalizers)
            new PatchCall(_frame, finalizer).Write(afterException: true);
        if (_mayReplace)
        {
            var rethrow = _il.NewLabel();
            var isThere = _il.NewLabel();
            _il.LoadLocal(_frame.Exception);
            _il.Branch(BrTrue, isThere);
            _il.Branch(Leave, end); // swallowed
            _il.Mark(isThere);
            _il.LoadLocal(_frame.Exception);
            _il.LoadLocal(original);
            _il.Branch(Beq, rethrow);
            _il.LoadLocal(_frame.Exception);
            _il.Op(Throw);
            _il.Mark(rethrow);
        }
        _il.Bytes([0xFE, 0x1A]); // rethrow: keeps the stack trace
    }

    void WriteNotCaught()
    {
        _il.Op(LoadNull);
        _il.StoreLocal(_frame.Exception);
        foreach (var finalizer in _finalizers)
            new PatchCall(_frame, finalizer).Write();
    }

    void WriteThrow()
    {
        if (!_mayReplace)
            return;
        var fine = _il.NewLabel();
        _il.LoadLocal(_frame.Exception);
        _il.Branch(BrFalse, fine);
        _il.LoadLocal(_frame.Exception);
        _il.Op(Throw);
        _il.Mark(fine);
    }

    void WriteReturn()
    {
        if (_frame.Result >= 0)
        {
            if (_frame.Types.Result.IsByRef && (_maySkip || _mayReplace))
                WriteMissingReference();
            _il.LoadLocal(_frame.Result);
        }
        _il.Op(Ret);
    }

    /// <summary>A reference must refer to something, even if nobody has run: to an element of a new array.</summary>
    void WriteMissingReference()
    {
        if (_frame.ResultType.IsByRefLike || _frame.ResultType.IsPointer)
            throw new HarmonyException($"it returns a reference to a {_frame.ResultType}, of which there is no default, and a patch could skip it, swallow its exception or ask for its result");
        var element = _frame.Types.Result.Element;
        var isThere = _il.NewLabel();
        _il.LoadLocal(_frame.Result);
        _il.Op(0xE0); // conv.u
        _il.Branch(BrTrue, isThere);
        _il.Op(LoadInt1);
        _il.OnType(0x8D, element); // newarr
        _il.Op(LoadInt0);
        _il.Bytes([0xFE, 0x1E]); // readonly.
        _il.OnType(0x8F, element); // ldelema
        _il.StoreLocal(_frame.Result);
        _il.Mark(isThere);
    }
}

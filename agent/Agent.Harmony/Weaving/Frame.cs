using System.Reflection;

namespace HarmonyLib.Weaving;

/// <summary>What the woven code of one method works with: the original's shape, and local variables of its own.</summary>
sealed class Frame
{
    readonly Dictionary<MemberInfo, SharedState> _states = [];

    public MethodBase Original { get; }

    public ParameterInfo[] Parameters { get; }

    /// <summary>The types that the body works with: of a runtime-async method, what it returns is not the task.</summary>
    public MethodTypes Types { get; }

    /// <summary>The task that the signature of a runtime-async method declares; null for any other method.</summary>
    public SignatureType? Task { get; }

    public BodyBuilder Body { get; }

    /// <summary>The original's result; -1 if it has none.</summary>
    public int Result { get; } = -1;

    /// <summary>The exception that finalizers see.</summary>
    public int Exception { get; }

    /// <summary>What a patch has thrown.</summary>
    public int Thrown { get; }

    /// <summary>Whether the original runs or has run.</summary>
    public int RunOriginal { get; }

    /// <summary>The `__resultRef` of all patches; -1 until one asks for it.</summary>
    public int ResultRef { get; private set; } = -1;

    public Frame(MethodBase original, MethodTypes types, BodyBuilder body)
    {
        Original = original;
        Parameters = original.GetParameters();
        if (RuntimeAsync.Is(original))
        {
            Task = types.Result;
            types = types with { Result = SignatureReader.ArgumentOrVoid(types.Result) };
        }
        Types = types;
        Body = body;
        if (!types.Result.IsVoid)
            Result = body.AddLocal(types.Result.Bytes);
        Exception = body.AddLocal([Element.Object]);
        Thrown = body.AddLocal([Element.Object]);
        RunOriginal = body.AddLocal([Element.Int4]);
    }

    /// <summary>The return type of the original's signature.</summary>
    public Type DeclaredType => ((MethodInfo)Original).ReturnType;

    /// <summary>The type of the body's result, what it refers to if it is a reference.</summary>
    public Type ResultType => ResultTypeIn(DeclaredType);

    /// <summary>That type, of a declared one that may be an instantiation's.</summary>
    public Type ResultTypeIn(Type declared) => Task is not null ? RuntimeAsync.ResultOf(declared)! : declared.IsByRef ? declared.GetElementType()! : declared;

    /// <summary>The type of `__resultRef`; null if the original returns no reference, or one to a type that is not known.</summary>
    public Type? ResultRefType(Type result) => Types.Result.IsByRef && !result.ContainsGenericParameters && !result.IsByRefLike && !result.IsPointer
        ? typeof(RefResult<>).MakeGenericType(result)
        : null;

    /// <summary>
    /// The instance of a runtime-async method of a struct as it was at the start: references do not outlive a suspension, `this` is one there, and
    /// what stands behind it is nobody's business any more. -1 until a patch asks for it that runs after the original.
    /// </summary>
    public int InstanceAtStart { get; private set; } = -1;

    /// <summary>Declares the local variables that a patch asks for, with their first values.</summary>
    public void Declare(Patch patch)
    {
        if (patch.Kind == PatchKind.Transpiler)
            return;
        foreach (var injection in patch.Injections)
        {
            if (injection.Name == "__state")
                DeclareState(patch, injection.Parameter);
            else if (injection.Name == "__resultRef" && ResultRef < 0)
                ResultRef = Declare([Element.Object]);
            else if (patch.Kind != PatchKind.Prefix && AsksForInstance(injection) && Task is not null && Types.HasThis && Original.DeclaringType!.IsValueType && InstanceAtStart < 0)
                DeclareInstance();
        }
    }

    static bool AsksForInstance(Injection injection) => injection.Name is { } name && (name == "__instance" || name.StartsWith("___", StringComparison.Ordinal));

    void DeclareInstance()
    {
        InstanceAtStart = Body.AddLocal(InstanceSignature());
        CopyInstance();
    }

    /// <summary>Before the prefixes, and once more behind them: they may change it.</summary>
    public void CopyInstance()
    {
        if (InstanceAtStart < 0)
            return;
        Body.Il.LoadArgument(0);
        Body.Il.OnType(0x71, InstanceSignature()); // ldobj
        Body.Il.StoreLocal(InstanceAtStart);
    }

    /// <summary>The original's class, or what `this` of a struct's method refers to.</summary>
    public byte[] InstanceSignature()
    {
        var type = Original.DeclaringType!;
        var signature = new List<byte>();
        var arguments = type.GetGenericArguments().Length;
        if (arguments > 0)
            signature.Add(Element.GenericInstance);
        signature.Add(type.IsValueType ? Element.ValueType : Element.Class);
        SignatureReader.Append(signature, (type.MetadataToken & 0xFFFFFF) << 2);
        if (arguments > 0)
            SignatureReader.Append(signature, arguments);
        for (var i = 0; i < arguments; i++)
        {
            signature.Add(Element.TypeVariable);
            SignatureReader.Append(signature, i);
        }
        return [.. signature];
    }

    /// <summary>The variable that the patches of one class share in one call.</summary>
    public int State(Patch patch) => _states[patch.Class].Local;

    void DeclareState(Patch patch, ParameterInfo parameter)
    {
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        if (Task is not null && type.IsByRefLike)
            throw new HarmonyException($"{patch.Name} wants a __state of type {type}, which would not outlive a suspension of this runtime-async method");
        var signature = RuntimeSignature.Of(type);
        var owner = patch.Class;
        if (!_states.TryGetValue(owner, out var state))
            _states[owner] = new SharedState(Declare(signature), type, signature);
        else if (!state.Signature.AsSpan().SequenceEqual(signature))
            throw new HarmonyException($"{patch.Name} wants a __state of type {type}, but another patch of its class wants a {state.Type}");
    }

    int Declare(byte[] type)
    {
        var local = Body.AddLocal(type);
        Body.Il.LoadLocalAddress(local);
        Body.Il.InitializeObject(type);
        return local;
    }

    sealed record SharedState(int Local, Type Type, byte[] Signature);
}

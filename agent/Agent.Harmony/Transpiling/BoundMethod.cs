using System.Globalization;
using System.Reflection;

namespace HarmonyLib.Transpiling;

/// <summary>A delegate as the operand of a call: a static method with the delegate's parameters.</summary>
sealed class BoundMethod(Delegate bound) : MethodInfo
{
    readonly MethodInfo _invoke = bound.GetType().GetMethod("Invoke")!;

    public Delegate Bound => bound;

    public override Module Module => bound.Method.Module;

    public override string Name => bound.Method.Name;

    public override Type? DeclaringType => bound.Method.DeclaringType;

    public override Type? ReflectedType => bound.Method.ReflectedType;

    public override Type ReturnType => _invoke.ReturnType;

    public override MethodAttributes Attributes => MethodAttributes.Static | MethodAttributes.Public;

    public override RuntimeMethodHandle MethodHandle => bound.Method.MethodHandle;

    public override ICustomAttributeProvider ReturnTypeCustomAttributes => _invoke.ReturnTypeCustomAttributes;

    public override MethodInfo GetBaseDefinition() => this;

    public override object[] GetCustomAttributes(bool inherit) => bound.Method.GetCustomAttributes(inherit);

    public override object[] GetCustomAttributes(Type attributeType, bool inherit) => bound.Method.GetCustomAttributes(attributeType, inherit);

    public override bool IsDefined(Type attributeType, bool inherit) => bound.Method.IsDefined(attributeType, inherit);

    public override MethodImplAttributes GetMethodImplementationFlags() => bound.Method.GetMethodImplementationFlags();

    public override ParameterInfo[] GetParameters() => _invoke.GetParameters();

    public override object? Invoke(object? obj, BindingFlags invokeAttr, Binder? binder, object?[]? parameters, CultureInfo? culture) => bound.DynamicInvoke(parameters);
}

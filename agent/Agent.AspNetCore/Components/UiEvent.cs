using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Http;

namespace Agent.AspNetCore.Components;

/// <summary>
/// An event on its way from the renderer to the app's method: what the renderer knows of it, kept until the component that handles it
/// is called. The way is synchronous, so a field of the thread will do.
/// </summary>
sealed class UiEvent
{
    [ThreadStatic]
    static UiEvent? _current;

    /// <summary>The event that the renderer dispatches on this thread; null once a component has taken it.</summary>
    public static UiEvent? Current { get => _current; set => _current = value; }

    /// <summary>The attribute in the markup: «onclick».</summary>
    public string? Attribute { get; set; }

    /// <summary>The name of the form, which the renderer has found on the page; null for events of circuits.</summary>
    public string? Form { get; init; }

    /// <summary>The request that posts the form.</summary>
    public HttpContext? Context { get; init; }

    /// <summary>
    /// Begins the event's span if the component's handler is the app's. The framework's components pass events on to the app's (an InputText
    /// to a binding), so they leave the event to those; but an EditForm that finds a form invalid need not call anyone.
    /// </summary>
    public EventSpan? Begin(object component, MulticastDelegate? handler)
    {
        var form = component as EditForm;
        if (form is not null)
            (component, handler) = Submitted(form);
        if (form is null && (handler is null || handler.Method.DeclaringType is { } type && !AppType.Is(type)))
            return null;
        _current = null;
        return EventSpan.Begin(Describe(component.GetType(), handler?.Method), form, Context);
    }

    SpanDescription Describe(Type component, MethodInfo? method)
    {
        var isLambda = method?.Name.StartsWith('<') != false;
        var name = $"{(Form is null ? "component" : "form")} {CodeName.Simple(component)}{(isLambda ? "" : $".{method!.Name}")}{(Form is null ? $" {Attribute}" : "")}";
        List<KeyValuePair<string, object?>> tags = [new(Names.Kind, Form is null ? DispatchKind.Remote : DispatchKind.Action), new(Names.ComponentType, component.FullName)];
        if (method is not null)
            tags.Add(new(Names.CodeFunction, CodeName.Of(method)));
        if (Attribute is not null)
            tags.Add(new(Names.ComponentAttribute, Attribute));
        if (Form is not null)
            tags.Add(new(Names.FormName, Form));
        return new SpanDescription(name, [.. tags]);
    }

    /// <summary>The method that a form is for, whether or not it will be called.</summary>
    static (object Component, MulticastDelegate? Handler) Submitted(EditForm form)
    {
        var callback = form.OnSubmit.HasDelegate ? form.OnSubmit : form.OnValidSubmit.HasDelegate ? form.OnValidSubmit : form.OnInvalidSubmit;
        return (Receiver(ref callback) ?? form, Handler(ref callback));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Receiver")]
    static extern ref IHandleEvent? Receiver(ref EventCallback<EditContext> callback);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "Delegate")]
    static extern ref MulticastDelegate? Handler(ref EventCallback<EditContext> callback);
}

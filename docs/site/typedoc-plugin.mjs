// What TypeDoc can't know: modules are named as users import them, and constants that hold functions, which most
// of Myelin's are, are functions.
import { Comment, Converter, ReflectionKind, ReflectionType } from 'typedoc';

function asFunction(variable) {
  if (!(variable.type instanceof ReflectionType)) return;
  const { signatures } = variable.type.declaration;
  if (!signatures) return;
  variable.kind = ReflectionKind.Function;
  variable.signatures = signatures;
  for (const signature of signatures) {
    signature.name = variable.name;
    signature.parent = variable;
    signature.comment ??= variable.comment?.clone();
    for (const parameter of signature.parameters ?? []) {
      const tag = signature.comment?.blockTags.find(({ name }) => name === parameter.name);
      if (tag) parameter.comment ??= new Comment(Comment.cloneDisplayParts(tag.content));
    }
    signature.comment?.removeTags('@param');
  }
  delete variable.comment;
  delete variable.type;
}

export function load(app) {
  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    ({ project }) => {
      for (const variable of project.getReflectionsByKind(ReflectionKind.Variable)) asFunction(variable);
      for (const module of project.getReflectionsByKind(ReflectionKind.Module))
        module.name = module.name === 'index' ? 'myelin' : `myelin/${module.name}`;
    },
    1000,
  );
}

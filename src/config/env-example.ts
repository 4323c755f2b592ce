import { type Variable, VARIABLES } from './variables.js';

/** The text of `.env.example`: every setting with its sentence, its form and what counts without it. */
export function envExample(): string {
  const rows = Object.entries<Variable<unknown>>(VARIABLES).map(([name, { sentence, form, shown, secret }]) => {
    const byFile = secret ? `；也可用 ${name}_FILE 指向存放它的文件` : '';
    return `# ${sentence}（${form}${byFile}）\n#${name}=${shown}\n`;
  });
  return `# 复制为 .env 后取消注释即可生效；环境变量优先于本文件。由 npm run env-example 按 src/config/variables.ts 生成，请勿手工修改。\n\n${rows.join('\n')}`;
}

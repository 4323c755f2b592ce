import { writeFileSync } from 'node:fs';
import { envExample } from '../config/env-example.js';

// Writes `.env.example` from the table of settings.
writeFileSync('.env.example', envExample());
